/// Tokens, stores and enrolment of a site. Start at [dev.storemesh.node.access.AccessEntity].
@NullMarked
package dev.storemesh.node.access;

import org.jspecify.annotations.NullMarked;
