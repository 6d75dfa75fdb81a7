package dev.storemesh.node.site;

import java.io.IOException;
import java.util.Optional;

/// The small private texts that a site remembers by: files of the home folder of its one node, or rows of the
/// database that its nodes share.
public interface SiteFiles {
    /// The text of this name, without white space around it; empty when there is none.
    Optional<String> read(String name) throws IOException;

    /// Makes or replaces a text, whole. Durable when this returns.
    ///
    /// @param before what it is; empty: there is none
    /// @return false, and nothing has happened, where it is not so any more: another node was faster
    boolean replace(String name, Optional<String> before, String text) throws IOException;

    /// Whether other nodes of the site have them, too.
    boolean areShared();

    /// Keeps the site's other nodes from having the same, until it is closed. Empty: one of them has it.
    Optional<Alone> tryAlone() throws IOException;

    /// Where they are, to show: `home folder /x`.
    String place();

    /// What others wait for.
    interface Alone extends AutoCloseable {
        @Override
        void close() throws IOException;
    }
}
