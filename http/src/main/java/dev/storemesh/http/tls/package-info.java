/// TLS from PEM files that may change while the server runs. Start reading at [dev.storemesh.http.tls.PemTls].
@NullMarked
package dev.storemesh.http.tls;

import org.jspecify.annotations.NullMarked;
