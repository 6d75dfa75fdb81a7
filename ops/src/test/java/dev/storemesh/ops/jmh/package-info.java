/// What the pure parts cost by themselves, without actors, HTTP and disks, measured by JMH:
/// `mvn -Pjmh -pl ops -am -DskipTests verify`. Start reading at [dev.storemesh.ops.jmh.PureParts].
@NullMarked
package dev.storemesh.ops.jmh;

import org.jspecify.annotations.NullMarked;
