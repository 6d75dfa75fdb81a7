package dev.storemesh.protocol.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.storemesh.protocol.install.Installation.Change;
import dev.storemesh.protocol.install.Installation.Foreign;
import dev.storemesh.protocol.install.Installation.Newer;
import dev.storemesh.protocol.install.Installation.Nothing;
import dev.storemesh.protocol.install.Installation.Plan;
import dev.storemesh.protocol.install.Installation.Unknown;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.json.MalformedInput;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.schema.SchemaKind;
import dev.storemesh.protocol.schema.SchemaObject;
import dev.storemesh.protocol.value.AppName;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.WriteJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InstallationTest {
    private static final AppName LOYALTY = new AppName("com.acme.loyalty");
    private static final String ONE =
            "{'app':'com.acme.loyalty','version':1,'types':[{'name':'com.acme.loyalty.card'}],"
                    + "'definitions':[{'name':'com.acme.loyalty.points','valueType':'decimal'}],"
                    + "'constraints':[{'name':'com.acme.loyalty.points.range','definition':'com.acme.loyalty.points','kind':'range','min':1.5}]}";

    private static AppPackage read(String json) {
        return AppPackage.read(Fields.of(Json.parse(json.replace('\'', '"'))));
    }

    private static Plan install(List<SchemaObject> present, String json) {
        return new Installation(present, Optional.empty()).install(read(json), false);
    }

    /// What stands after the operations of a plan that makes objects only.
    private static List<SchemaObject> after(Plan plan) {
        var objects = new ArrayList<SchemaObject>();
        for (var operation : ((Change) plan).operations()) {
            var put = (Operation.Put) operation;
            var kind = List.of(SchemaKind.values()).stream()
                    .filter(candidate -> put.type().equals(Optional.of(candidate.type())))
                    .findFirst()
                    .orElseThrow();
            objects.add(new SchemaObject(
                    new ObjectToken("sys." + put.object().text().substring(1)),
                    kind.type(),
                    put.set().stream()
                            .map(setting -> new Attribute(
                                    setting.slot().definition(),
                                    Optional.empty(),
                                    kind.attributes().stream()
                                            .filter(definition -> definition
                                                    .name()
                                                    .equals(setting.slot().definition()))
                                            .findFirst()
                                            .orElseThrow()
                                            .read(setting.value())))
                            .toList()));
        }
        return objects;
    }

    private static String json(Plan plan) {
        return Json.text(WriteJson.write(((Change) plan).operations()));
    }

    @Test
    void makesAllOfAPackageAndARecordOfIt() {
        assertThat(((Change) install(List.of(), ONE)).operations())
                .extracting(operation -> operation.object().text())
                .containsExactly(
                        "#app.com.acme.loyalty",
                        "#type.com.acme.loyalty.card",
                        "#definition.com.acme.loyalty.points",
                        "#constraint.com.acme.loyalty.points.range");
    }

    @Test
    void theSamePackageAgainChangesNothingHoweverItsNumbersAreWritten() {
        var present = after(install(List.of(), ONE));
        assertThat(install(present, ONE)).isEqualTo(new Nothing());
        assertThat(install(present, ONE.replace("1.5", "'1.50'"))).isEqualTo(new Nothing());
    }

    @Test
    void anotherVersionChangesWhatDiffersAndDeletesWhatIsGone() {
        var present = after(install(List.of(), ONE));
        var two = "{'app':'com.acme.loyalty','version':2,'types':[{'name':'com.acme.loyalty.card','description':'d'}],"
                + "'definitions':[{'name':'com.acme.loyalty.points','valueType':'decimal'}]}";
        assertThat(json(install(present, two)))
                .contains("sys.app.version", "\"value\":2", "sys.type.description")
                .contains("{\"op\":\"delete\",\"object\":\"sys.constraint.com.acme.loyalty.points.range\"}")
                .doesNotContain("sys.definition.");
    }

    @Test
    void anOlderVersionMustBeAskedFor() {
        var present = after(install(List.of(), ONE.replace("'version':1", "'version':5")));
        assertThat(install(present, ONE)).isEqualTo(new Newer(5));
        assertThat(new Installation(present, Optional.empty()).install(read(ONE), true))
                .isInstanceOf(Change.class);
    }

    @Test
    void uninstallingTakesAllOfItAndNothingElse() {
        var present = new ArrayList<>(after(install(List.of(), ONE)));
        present.addAll(after(install(List.of(), "{'app':'com.acme','version':1,'types':[{'name':'com.acme.till'}]}")));
        var version = Optional.of(new Version(7));
        var plan = new Installation(present, version).uninstall(LOYALTY);
        assertThat(((Change) plan).operations()).hasSize(4).allSatisfy(operation -> {
            assertThat(operation).isInstanceOf(Operation.Delete.class);
            assertThat(operation.object().text()).contains("loyalty");
            assertThat(operation.ifVersion()).isEqualTo(version);
        });
        assertThat(new Installation(present, version).uninstall(new AppName("com.acme.till")))
                .isEqualTo(new Unknown());
        assertThat(((Change) new Installation(present, version).uninstall(new AppName("com.acme"))).operations())
                .as("what lies in the other app's namespace stays")
                .hasSize(2);
    }

    @Test
    void anAppDoesNotDeclareInTheNamespaceOfAnotherThatIsInstalled() {
        var present = after(install(List.of(), ONE));
        var plan = install(
                present,
                "{'app':'com.acme','version':1,'types':[{'name':'com.acme.loyalty.x'},{'name':'com.acme.y'}]}");
        assertThat(plan)
                .isInstanceOfSatisfying(
                        Foreign.class,
                        foreign -> assertThat(foreign.violations())
                                .singleElement()
                                .satisfies(violation ->
                                        assertThat(violation.object()).isEqualTo("#type.com.acme.loyalty.x")));
    }

    @Test
    void aValueThatIsNoneIsLeftToTheRulesOfWrites() {
        var present = after(install(List.of(), ONE));
        assertThat(install(present, ONE.replace("1.5", "'much'"))).isInstanceOf(Change.class);
    }

    @Test
    void temporaryNamesFitAndDiffer() {
        var first = SchemaWrites.temporary(SchemaKind.CONSTRAINT, "com.acme." + "a".repeat(100) + ".x");
        var second = SchemaWrites.temporary(SchemaKind.CONSTRAINT, "com.acme." + "a".repeat(100) + ".y");
        assertThat(first).isNotEqualTo(second).isInstanceOf(ObjectRef.Temporary.class);
        assertThat(SchemaWrites.temporary(SchemaKind.LOCATION, "a b").text()).isEqualTo("#location.a_b");
    }

    @Test
    void whatAPackageDeclaresLiesInItsNamespaceOnce() {
        assertThatThrownBy(() -> read(ONE.replace("'com.acme.loyalty.card'", "'com.acme.card'")))
                .isInstanceOf(MalformedInput.class)
                .hasMessageContaining("/types/0/name");
        assertThatThrownBy(() -> read(ONE.replace("'version':1", "'version':9007199254740992")))
                .hasMessageContaining("/version");
    }
}
