@NullMarked
package dev.storemesh.protocol.install;

import org.jspecify.annotations.NullMarked;
