/// Tests of lines of JSON on their way in and out.
@NullMarked
package dev.storemesh.protocol.bulk;

import org.jspecify.annotations.NullMarked;
