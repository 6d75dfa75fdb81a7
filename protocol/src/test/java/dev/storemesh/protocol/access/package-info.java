@NullMarked
package dev.storemesh.protocol.access;

import org.jspecify.annotations.NullMarked;
