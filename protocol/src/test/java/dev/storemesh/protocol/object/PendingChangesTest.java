package dev.storemesh.protocol.object;

import static dev.storemesh.protocol.Samples.DEMO;
import static dev.storemesh.protocol.Samples.HISTORY;
import static dev.storemesh.protocol.schema.StandardSchema.ITEM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.change.Status;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.VersionedObjects.Order;
import dev.storemesh.protocol.object.VersionedObjects.Selection;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.Operation;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PendingChangesTest {
    private static final ObjectToken TEA = new ObjectToken("tea");
    private static final ObjectToken MUG = new ObjectToken("mug");
    private static final ObjectToken GONE = new ObjectToken("gone");
    private static final DefinitionName NAME = StandardSchema.name(ITEM, "name");
    private static final DefinitionName NOTE = StandardSchema.name(ITEM, "note");
    private static final RequestId FIRST = new RequestId("cr-01JD0000000000000000000001");
    private static final RequestId SECOND = new RequestId("cr-01JD0000000000000000000002");
    private static final Version NOW = new Version(3);

    private final PartitionContents contents = PartitionContents.of(PartitionImage.EMPTY);

    @BeforeEach
    void aCatalogOfThreeVersions() {
        apply(1, new ObjectChange(TEA, ITEM, false, List.of(text(NAME, "Tea")), List.of()));
        apply(2, new ObjectChange(GONE, ITEM, false, List.of(text(NAME, "Gone")), List.of()));
        apply(3, new ObjectChange(GONE, ITEM, true, List.of(), List.of()));
    }

    private void apply(long version, ObjectChange change) {
        var chain = ChainHash.origin(DEMO, HISTORY);
        var entry =
                new LogEntry(new Version(version), Instant.EPOCH, Provenance.of("ann"), chain, false, List.of(change));
        contents.apply(new LogRow(new Position(version), List.of(new LogRow.Step(entry, Optional.empty()))));
    }

    private static Attribute text(DefinitionName definition, String value) {
        return new Attribute(definition, Optional.empty(), new Value.Text(value));
    }

    private static Operation put(ObjectToken token, Optional<TypeName> made, Operation.Setting... settings) {
        return new Operation.Put(
                new ObjectRef.Known(token), made.isPresent(), made, List.of(settings), List.of(), Optional.empty());
    }

    private static Operation.Setting set(DefinitionName definition, String value) {
        return new Operation.Setting(new Slot(definition, Optional.empty()), new Literal.Text(value));
    }

    private static PendingChange asks(RequestId id, long base, Operation... operations) {
        return PendingChange.of(id, Status.QUEUED, new Version(base), List.of(operations), StandardSchema.SCHEMA);
    }

    private String seen(ObjectToken token, PendingChange... changes) {
        var pending = List.of(changes);
        return contents.objectsAt(NOW, 0, pending)
                .object(token, NOW, Scope.all())
                .map(view -> new PendingChanges(pending).marked(view, NOW))
                .map(view -> {
                    var json = ObjectJson.write(view).toString();
                    assertThat(new String(Json.bytes(16, out -> ObjectJson.write(out, view)), StandardCharsets.UTF_8))
                            .isEqualTo(json);
                    return json.replace(FIRST.text(), "1").replace(SECOND.text(), "2");
                })
                .orElse("none");
    }

    @Test
    void eachRowTellsWhichRequestLaidItThere() {
        var rename = asks(FIRST, 2, put(TEA, Optional.empty(), set(NAME, "Black tea"), set(NOTE, "hot")));
        var again = asks(SECOND, 3, put(TEA, Optional.empty(), set(NAME, "Green tea")));
        assertThat(seen(TEA, rename, again)).isEqualTo("""
                {"object":"tea","type":"retail.item","version":3,"attributes":[\
                {"attribute":"retail.item.name","value":"Green tea","version":3,\
                "pending":{"changeRequest":"2","status":"queued"}},\
                {"attribute":"retail.item.note","value":"hot","version":2,\
                "pending":{"changeRequest":"1","status":"queued"}}],\
                "pending":[{"changeRequest":"1","status":"queued","effect":"changes"},\
                {"changeRequest":"2","status":"queued","effect":"changes"}]}""");
    }

    @Test
    void whatIsNotAskedForIsAsItWas() {
        var rename = asks(FIRST, 2, put(TEA, Optional.empty(), set(NOTE, "hot")));
        assertThat(seen(TEA)).isEqualTo(seen(TEA, asks(FIRST, 2, put(MUG, Optional.of(ITEM)))));
        assertThat(seen(TEA, rename)).contains("{\"attribute\":\"retail.item.name\",\"value\":\"Tea\",\"version\":1}");
    }

    @Test
    void oneThatIsMadeIsShownAndFound() {
        var make = asks(FIRST, 3, put(MUG, Optional.of(ITEM), set(NAME, "Mug")));
        assertThat(seen(MUG, make)).contains("\"effect\":\"makes\"").contains("\"value\":\"Mug\"");
        var there = contents.objectsAt(NOW, 0, List.of(make));
        assertThat(there.page(Selection.EVERYTHING, NOW, Order.PAGE_KEY, Optional.empty(), 10)
                        .objects())
                .extracting(ObjectView::object)
                .containsExactlyInAnyOrder(TEA, MUG);
        assertThat(there.index().holding(NAME, new Value.Text("Mug")).inOrder()).containsExactly(PageKey.of(MUG));
        assertThat(seen(MUG)).isEqualTo("none");
    }

    @Test
    void oneThatIsToBeDeletedIsShownUntilThen() {
        assertThat(seen(TEA, asks(FIRST, 3, new Operation.Delete(new ObjectRef.Known(TEA), Optional.empty()))))
                .contains("\"value\":\"Tea\"")
                .contains("\"effect\":\"deletes\"");
    }

    @Test
    void oneThatIsBroughtBackIsShownAsItWas() {
        assertThat(seen(GONE, asks(FIRST, 3, new Operation.Undelete(new ObjectRef.Known(GONE), Optional.empty()))))
                .contains("\"value\":\"Gone\"")
                .contains("\"effect\":\"restores\"");
        assertThat(seen(GONE)).isEqualTo("none");
    }

    @Test
    void noRequestIsLaidOverAVersionFromBeforeIt() {
        assertThat(seen(TEA, asks(FIRST, 4, put(TEA, Optional.empty(), set(NOTE, "hot")))))
                .isEqualTo(seen(TEA));
    }

    @Test
    void valuesThatTheSchemaKnowsNoMoreAreLeftOut() {
        var odd = asks(
                FIRST,
                3,
                put(
                        TEA,
                        Optional.empty(),
                        set(new DefinitionName("retail.item.colour"), "red"),
                        set(StandardSchema.name(ITEM, "price"), "free"),
                        set(NOTE, "hot")));
        assertThat(odd.edits()).hasSize(1);
        assertThat(seen(TEA, odd)).contains("hot").doesNotContain("red").doesNotContain("free");
    }

    @Test
    void valuesThatGoAreGone() {
        var clears = new Operation.Put(
                new ObjectRef.Known(TEA),
                false,
                Optional.empty(),
                List.of(),
                List.of(
                        new Operation.Unsetting(new Slot(NAME, Optional.empty()), Optional.of(new Literal.Text("Tea"))),
                        new Operation.Unsetting(new Slot(NOTE, Optional.empty()), Optional.empty())),
                Optional.empty());
        assertThat(seen(TEA, asks(FIRST, 3, clears)))
                .contains("\"attributes\":[]")
                .contains("\"effect\":\"changes\"");
    }
}
