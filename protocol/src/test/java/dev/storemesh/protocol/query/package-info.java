@NullMarked
package dev.storemesh.protocol.query;

import org.jspecify.annotations.NullMarked;
