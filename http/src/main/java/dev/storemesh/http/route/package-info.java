/// Routes as data. Start reading at [dev.storemesh.http.route.Endpoint] (one method of one path) and
/// [dev.storemesh.http.route.Router] (all of them as one function); `Api` lists what there is.
@NullMarked
package dev.storemesh.http.route;

import org.jspecify.annotations.NullMarked;
