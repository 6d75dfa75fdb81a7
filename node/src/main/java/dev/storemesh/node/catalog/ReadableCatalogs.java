package dev.storemesh.node.catalog;

import dev.storemesh.protocol.catalog.CatalogHead;
import dev.storemesh.protocol.catalog.CatalogPort;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.ObjectDifference;
import dev.storemesh.protocol.object.ObjectHistory;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.SchemaView;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.query.QueryAnswer;
import dev.storemesh.protocol.query.Report;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// Catalogs whose reads are all answered by [CatalogReads], as at HQ and at a store alike.
public interface ReadableCatalogs extends CatalogPort {
    CatalogReads reads();

    @Override
    default CompletionStage<Reading<CatalogHead>> head(CatalogId catalog) {
        return reads().head(catalog);
    }

    @Override
    default CompletionStage<Reading<ObjectView.Live>> object(
            CatalogId catalog, ObjectToken token, Optional<Version> version, Scope scope) {
        return reads().object(catalog, token, version, scope);
    }

    @Override
    default CompletionStage<Reading<ObjectView.Live>> objectBy(
            CatalogId catalog, DefinitionName attribute, String value, Optional<Version> version, Scope scope) {
        return reads().objectBy(catalog, attribute, value, version, scope);
    }

    @Override
    default CompletionStage<Reading<QueryAnswer>> query(CatalogId catalog, QueryPage query) {
        return reads().query(catalog, query);
    }

    @Override
    default CompletionStage<Reading<Report.Answer>> report(
            CatalogId catalog, Report report, Optional<Version> version) {
        return reads().report(catalog, report, version);
    }

    @Override
    default CompletionStage<Reading<Slice>> page(CatalogId catalog, PageQuery query) {
        return reads().page(catalog, query);
    }

    @Override
    default CompletionStage<Reading<Slice>> changes(CatalogId catalog, Version since, PageQuery query) {
        return reads().changes(catalog, since, query);
    }

    @Override
    default CompletionStage<Reading<SchemaView>> schema(CatalogId catalog, Optional<Version> version) {
        return reads().schema(catalog, version);
    }

    @Override
    default CompletionStage<Reading<LogSlice>> log(CatalogId catalog, LogQuery query) {
        return reads().log(catalog, query);
    }

    @Override
    default CompletionStage<Reading<Version>> newest(CatalogId catalog, Version after, Duration patience) {
        return reads().newest(catalog, after, patience);
    }

    @Override
    default CompletionStage<Reading<Findings>> search(CatalogId catalog, LogSearch search) {
        return reads().search(catalog, search);
    }

    @Override
    default CompletionStage<Reading<Version>> versionAt(CatalogId catalog, Instant at) {
        return reads().versionAt(catalog, at);
    }

    @Override
    default CompletionStage<Optional<LocationId>> location(CatalogId catalog) {
        return reads().location(catalog);
    }

    @Override
    default CompletionStage<Reading<Snapshot>> snapshot(CatalogId catalog, SnapshotQuery query) {
        return reads().snapshot(catalog, query);
    }

    @Override
    default CompletionStage<Reading<ObjectHistory>> history(CatalogId catalog, ObjectToken token, HistoryQuery query) {
        return reads().history(catalog, token, query);
    }

    @Override
    default CompletionStage<Reading<ObjectDifference.Slice>> differences(CatalogId catalog, DifferenceQuery query) {
        return reads().differences(catalog, query);
    }
}
