package dev.storemesh.ops.bench;

import dev.storemesh.ops.process.CommandFailed;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// One of the systems that do the same work on the same objects. It runs from when it is made until it is closed.
interface Contestant extends AutoCloseable {
    String system();

    /// Makes a catalog of these objects, as fast as the system can.
    ///
    /// @return how many seconds the objects took, until they were on disk
    double load(String catalog, Stock stock) throws IOException, SQLException;

    /// One connection.
    Client connect() throws IOException;

    /// What is done before figures are taken, once all is loaded: what this system's operators do.
    void settle() throws SQLException;

    /// What all data takes on disk, now.
    Optional<Long> diskBytes() throws IOException, SQLException;

    /// What of it could be made again from the rest; empty where nothing could.
    Optional<Long> checkpointBytes() throws IOException, SQLException;

    /// What is reachable in memory, now; empty where no data is meant to be in it.
    Optional<Long> heapBytes() throws IOException, InterruptedException;

    /// Kills the server and starts it again.
    ///
    /// @return how many seconds pass from the start to the first answer with this object; empty: there is no server
    Optional<Double> recover(String catalog, String object) throws CommandFailed, IOException, InterruptedException;

    @Override
    void close();

    /// What one client asks for, one after the other. Whatever is not answered as it should be is an [IOException].
    interface Client extends AutoCloseable {
        /// Changes a price, and returns when that is on disk.
        void update(String catalog, String item, long cents) throws IOException, SQLException;

        /// Changes the prices of many in one write.
        void updateAll(String catalog, List<String> items, long cents) throws IOException, SQLException;

        void read(String catalog, String object) throws IOException, SQLException;

        /// Reads all objects at the newest version, in pages of 1,000.
        ///
        /// @return how many pages that were
        int readAll(String catalog) throws IOException, SQLException;

        /// Reads what has changed since a version, 1,000 objects at most.
        void changes(String catalog, long since) throws IOException, SQLException;

        long newest(String catalog) throws IOException, SQLException;

        @Override
        void close() throws IOException;
    }
}
