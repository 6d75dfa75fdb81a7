/// Who may do what at a site: tokens, stores, enrolment, namespaces. Start at
/// [dev.storemesh.protocol.access.AccessDecider].
@NullMarked
package dev.storemesh.protocol.access;

import org.jspecify.annotations.NullMarked;
