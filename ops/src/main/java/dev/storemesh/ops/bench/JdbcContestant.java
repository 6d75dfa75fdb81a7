package dev.storemesh.ops.bench;

import dev.storemesh.ops.api.ApiClient;
import dev.storemesh.ops.bench.eav.EavTables;
import dev.storemesh.ops.bench.eav.EavWrite;
import dev.storemesh.ops.bench.eav.Postgres;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The statements of the hand-built service on its own tables, without a server between: the limit of what any service
/// over them can reach. What stands in the bodies of requests is read beforehand.
final class JdbcContestant implements Contestant {
    static final String SYSTEM = "jdbc-postgres";
    private static final int PAGE = 1_000;

    private final EavTables tables;

    JdbcContestant(Postgres postgres, int connections) throws SQLException {
        this.tables = EavTables.open(postgres.url(), connections);
    }

    @Override
    public String system() {
        return SYSTEM;
    }

    @Override
    public double load(String catalog, Stock stock) throws IOException, SQLException {
        tables.make(catalog);
        var writes = new ArrayList<EavWrite>();
        for (var body : stock.writes(EavContestant.BATCH, "")) {
            writes.add(tables.parse(ApiClient.JSON.readTree(body)));
        }
        var began = System.nanoTime();
        for (var write : writes) {
            tables.write(catalog, write);
        }
        return (System.nanoTime() - began) / 1e9;
    }

    /// Looks again which catalogs there are.
    void refresh() throws SQLException {
        tables.refresh();
    }

    @Override
    public Client connect() {
        return new Direct();
    }

    @Override
    public void settle() {}

    @Override
    public Optional<Long> diskBytes() {
        return Optional.empty();
    }

    @Override
    public Optional<Long> checkpointBytes() {
        return Optional.empty();
    }

    @Override
    public Optional<Long> heapBytes() {
        return Optional.empty();
    }

    @Override
    public Optional<Double> recover(String catalog, String object) {
        return Optional.empty();
    }

    @Override
    public void close() {
        tables.close();
    }

    private final class Direct implements Client {
        @Override
        public void update(String catalog, String item, long cents) throws IOException, SQLException {
            updateAll(catalog, List.of(item), cents);
        }

        @Override
        public void updateAll(String catalog, List<String> items, long cents) throws IOException, SQLException {
            tables.write(catalog, tables.parse(ApiClient.JSON.readTree(Stock.prices(items, cents))));
        }

        @Override
        public void read(String catalog, String object) throws IOException, SQLException {
            if (!tables.read(catalog, object)) {
                throw new IOException("there is no " + object);
            }
        }

        @Override
        public int readAll(String catalog) throws SQLException {
            return (int) ((tables.readAll(catalog, PAGE) + PAGE - 1) / PAGE);
        }

        @Override
        public void changes(String catalog, long since) throws SQLException {
            tables.changes(catalog, since, PAGE);
        }

        @Override
        public long newest(String catalog) throws SQLException {
            return tables.newest(catalog);
        }

        @Override
        public void close() {}
    }
}
