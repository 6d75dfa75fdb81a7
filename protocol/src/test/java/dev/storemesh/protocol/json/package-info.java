@NullMarked
package dev.storemesh.protocol.json;

import org.jspecify.annotations.NullMarked;
