@NullMarked
package dev.storemesh.protocol.overrides;

import org.jspecify.annotations.NullMarked;
