@NullMarked
package dev.storemesh.protocol.log;

import org.jspecify.annotations.NullMarked;
