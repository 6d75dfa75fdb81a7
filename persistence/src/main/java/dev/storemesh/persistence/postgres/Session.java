package dev.storemesh.persistence.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a kind of session may take, as the driver's properties.
///
/// A node may be frozen in the middle of a transaction that holds the journal's next number. Whoever takes its
/// catalogs over waits for that number: so the server itself ends such a transaction, in less time than others
/// wait for its locks. Time-outs of TCP do the same for a machine that is gone.
enum Session {
    /// Makes and migrates the tables; waits for another node that does.
    MIGRATION(60, 60, 0),
    JOURNAL(3, 8, 10),
    READING(10, 8, 30),
    /// Tens of megabytes at once.
    CHECKPOINTS(10, 8, 50),
    /// Asked while the rest of the site waits for the answer.
    LEASE(3, 2, 2),
    /// The site's small texts.
    FILES(3, 5, 5);

    /// The first version that ends a transaction whose client stopped in the middle of sending a statement.
    private static final int TRANSACTION_TIMEOUT_SINCE = 170_000;

    private static final int CONNECT_SECONDS = 5;

    private final int idleSeconds;
    private final int lockSeconds;
    private final int statementSeconds;

    /// @param idleSeconds how long the server lets a transaction sit between two statements
    /// @param lockSeconds how long a statement waits for another transaction
    /// @param statementSeconds how long one statement may take; 0: as long as it needs
    Session(int idleSeconds, int lockSeconds, int statementSeconds) {
        this.idleSeconds = idleSeconds;
        this.lockSeconds = lockSeconds;
        this.statementSeconds = statementSeconds;
    }

    /// @param serverVersion `server_version_num`; 0 while it is not known
    Map<String, String> properties(PostgresAddress address, int serverVersion) {
        var all = new TreeMap<String, String>();
        all.put("ApplicationName", "storemesh");
        all.put("authenticationPluginClassName", PasswordSource.class.getName());
        address.passwordFile().ifPresent(file -> all.put(PasswordSource.FILE, file.toString()));
        all.put("targetServerType", "primary");
        all.put("reWriteBatchedInserts", "true"); // a round's rows travel as one statement
        all.put("logServerErrorDetail", "false"); // else a refused row stands in the log with all its values
        all.put("tcpKeepAlive", "true");
        all.put("connectTimeout", String.valueOf(CONNECT_SECONDS));
        all.put("loginTimeout", String.valueOf(2 * CONNECT_SECONDS));
        if (statementSeconds > 0) {
            all.put("socketTimeout", String.valueOf(2 * statementSeconds)); // the server is gone, or does not answer
        }
        all.put("options", String.join(" ", options(serverVersion)));
        return all;
    }

    private List<String> options(int serverVersion) {
        var options = new ArrayList<String>();
        options.add("-c idle_in_transaction_session_timeout=" + idleSeconds + "s");
        options.add("-c lock_timeout=" + lockSeconds + "s");
        options.add("-c statement_timeout=" + statementSeconds + "s");
        if (statementSeconds > 0 && serverVersion >= TRANSACTION_TIMEOUT_SINCE) {
            options.add("-c transaction_timeout=" + statementSeconds + "s");
        }
        options.add("-c tcp_keepalives_idle=10");
        options.add("-c tcp_keepalives_interval=2");
        options.add("-c tcp_keepalives_count=3");
        options.add("-c tcp_user_timeout=16s");
        return options;
    }
}
