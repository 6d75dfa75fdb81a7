/// What a refused request gets: RFC 9457 problem documents. Start reading at [dev.storemesh.http.problem.Problem].
@NullMarked
package dev.storemesh.http.problem;

import org.jspecify.annotations.NullMarked;
