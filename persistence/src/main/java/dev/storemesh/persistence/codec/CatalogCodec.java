package dev.storemesh.persistence.codec;

import dev.storemesh.protocol.catalog.Catalog;
import dev.storemesh.protocol.catalog.CatalogEvent;
import dev.storemesh.protocol.catalog.CatalogEvent.Created;
import dev.storemesh.protocol.catalog.CatalogEvent.HistoryBegun;
import dev.storemesh.protocol.catalog.CatalogEvent.Opened;
import dev.storemesh.protocol.catalog.CatalogEvent.Repartitioned;
import dev.storemesh.protocol.catalog.CatalogEvent.StepAccepted;
import dev.storemesh.protocol.catalog.CatalogEvent.TransactionEnded;
import dev.storemesh.protocol.catalog.CatalogEvent.TransactionOpened;
import dev.storemesh.protocol.catalog.CatalogEvent.WriteAccepted;
import dev.storemesh.protocol.catalog.Round;
import dev.storemesh.protocol.log.LogIndex;
import dev.storemesh.protocol.object.SchemaHistory;
import dev.storemesh.protocol.object.Transactions;
import java.util.function.Supplier;

/// The rows of a catalog's log, and its writer's snapshot.
final class CatalogCodec {
    private CatalogCodec() {}

    static void write(RowWriter out, Round round) {
        out.list(round.events(), event -> write(out, event));
    }

    static Round round(RowReader in) {
        return new Round(in.list(() -> event(in)));
    }

    private static void write(RowWriter out, CatalogEvent event) {
        switch (event) {
            case Opened(var at) -> {
                out.tag(Tags.CatalogEvents.OPENED);
                out.instant(at);
            }
            case Created(var at, var history) -> {
                out.tag(Tags.CatalogEvents.CREATED);
                out.instant(at);
                LogCodec.write(out, history);
            }
            case HistoryBegun(var at, var history) -> {
                out.tag(Tags.CatalogEvents.HISTORY_BEGUN);
                out.instant(at);
                LogCodec.write(out, history);
            }
            case WriteAccepted(var entry, var names, var digest) -> {
                out.tag(Tags.CatalogEvents.WRITE_ACCEPTED);
                LogCodec.write(out, entry);
                WriteCodec.writeNames(out, names);
                out.hex(digest);
            }
            case TransactionOpened opened -> {
                out.tag(Tags.CatalogEvents.TRANSACTION_OPENED);
                TransactionCodec.write(out, opened);
            }
            case StepAccepted(var entry, var names, var digest) -> {
                out.tag(Tags.CatalogEvents.STEP_ACCEPTED);
                TransactionCodec.writePart(out, entry);
                WriteCodec.writeNames(out, names);
                out.hex(digest);
            }
            case Repartitioned(var at, var generation, var partitions) -> {
                out.tag(Tags.CatalogEvents.REPARTITIONED);
                out.instant(at);
                out.number(generation);
                out.number(partitions);
            }
            case TransactionEnded(var entry, var how) -> {
                out.tag(Tags.CatalogEvents.TRANSACTION_ENDED);
                TransactionCodec.writePart(out, entry);
                TransactionCodec.write(out, how);
            }
        }
    }

    private static CatalogEvent event(RowReader in) {
        int tag = in.tag();
        return switch (tag) {
            case Tags.CatalogEvents.OPENED -> new Opened(in.instant());
            case Tags.CatalogEvents.CREATED -> new Created(in.instant(), LogCodec.history(in));
            case Tags.CatalogEvents.HISTORY_BEGUN -> new HistoryBegun(in.instant(), LogCodec.history(in));
            case Tags.CatalogEvents.WRITE_ACCEPTED ->
                new WriteAccepted(LogCodec.entry(in), WriteCodec.names(in), in.hex());
            case Tags.CatalogEvents.TRANSACTION_OPENED -> TransactionCodec.opened(in);
            case Tags.CatalogEvents.STEP_ACCEPTED ->
                new StepAccepted(TransactionCodec.part(in), WriteCodec.names(in), in.hex());
            case Tags.CatalogEvents.TRANSACTION_ENDED ->
                new TransactionEnded(TransactionCodec.part(in), TransactionCodec.how(in));
            case Tags.CatalogEvents.REPARTITIONED -> new Repartitioned(in.instant(), in.integer(), in.integer());
            default -> throw in.unknownTag("catalog event", tag);
        };
    }

    static void write(RowWriter out, Catalog catalog) {
        switch (catalog) {
            case Catalog.Unmade unmade -> {
                out.tag(Tags.Catalogs.UNMADE);
                ValueCodec.write(out, unmade.id());
                LogCodec.write(out, unmade.position());
            }
            case Catalog.Made made -> {
                var isRestored = !made.origin().equals(made.history());
                out.tag(isRestored ? Tags.Catalogs.RESTORED_MADE : Tags.Catalogs.MADE);
                ValueCodec.write(out, made.id());
                LogCodec.write(out, made.position());
                LogCodec.write(out, made.history());
                LogCodec.write(out, made.head());
                LogCodec.write(out, made.chain());
                out.instant(made.lastAt());
                ObjectCodec.write(out, made.partitions());
                TransactionCodec.write(out, made.index());
                ObjectCodec.write(out, made.schemas());
                TransactionCodec.write(out, made.transactions());
                if (isRestored) {
                    LogCodec.write(out, made.origin());
                }
            }
        }
    }

    static Catalog catalog(RowReader in) {
        int tag = in.tag();
        return switch (tag) {
            case Tags.Catalogs.UNMADE -> new Catalog.Unmade(ValueCodec.catalog(in), LogCodec.position(in));
            case Tags.Catalogs.PLAIN_MADE ->
                made(in, () -> LogCodec.index(in), () -> SchemaHistory.EMPTY, () -> Transactions.NONE);
            case Tags.Catalogs.WHOLE_MADE ->
                made(in, () -> LogCodec.index(in), () -> ObjectCodec.schemas(in), () -> Transactions.NONE);
            case Tags.Catalogs.MADE -> made(in);
            case Tags.Catalogs.RESTORED_MADE -> {
                var made = made(in);
                yield new Catalog.Made(
                        made.id(),
                        made.position(),
                        made.history(),
                        made.head(),
                        made.chain(),
                        made.lastAt(),
                        made.partitions(),
                        made.index(),
                        made.schemas(),
                        made.transactions(),
                        LogCodec.history(in));
            }
            default -> throw in.unknownTag("catalog", tag);
        };
    }

    private static Catalog.Made made(RowReader in) {
        return made(
                in,
                () -> TransactionCodec.index(in),
                () -> ObjectCodec.schemas(in),
                () -> TransactionCodec.transactions(in));
    }

    private static Catalog.Made made(
            RowReader in,
            Supplier<LogIndex> index,
            Supplier<SchemaHistory> schemas,
            Supplier<Transactions> transactions) {
        return new Catalog.Made(
                ValueCodec.catalog(in),
                LogCodec.position(in),
                LogCodec.history(in),
                LogCodec.version(in),
                LogCodec.chain(in),
                in.instant(),
                ObjectCodec.partitions(in),
                index.get(),
                schemas.get(),
                transactions.get());
    }
}
