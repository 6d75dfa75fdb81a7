@NullMarked
package dev.storemesh.protocol.page;

import org.jspecify.annotations.NullMarked;
