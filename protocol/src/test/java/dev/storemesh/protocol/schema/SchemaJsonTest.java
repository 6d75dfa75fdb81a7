package dev.storemesh.protocol.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.json.MalformedInput;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.ConstraintName;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SchemaJsonTest {
    private static Declaration read(SchemaKind kind, String json) {
        return SchemaJson.read(kind, Fields.of(Json.parse(json.replace('\'', '"'))), Optional.empty());
    }

    /// The object that a write of the declaration would leave.
    static SchemaObject object(Declaration declaration) {
        return new SchemaObject(
                new ObjectToken("sys." + declaration.name()),
                declaration.kind().type(),
                declaration.kind().attributes().stream()
                        .flatMap(definition -> declaration.values().getOrDefault(definition.name(), List.of()).stream()
                                .map(literal ->
                                        new Attribute(definition.name(), Optional.empty(), definition.read(literal))))
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "TYPE|{'name':'com.acme.card','description':'A card'}",
                "DEFINITION|{'name':'com.acme.points','cardinality':'many','description':'d','maxBytes':9,'target':'a.b','type':'retail.item','valueType':'integer','variesByLocation':false}",
                "CONSTRAINT|{'name':'com.acme.c','authority':'store','definition':'a.b','fromNowOn':true,'group':'g','kind':'k','max':'2.50','message':'m','min':'-1','onDelete':'clear','pattern':'p','perLocation':true,'target':'a.t','type':'a.y','values':['x','y']}",
                "LOCATION|{'id':'store-1','currency':'USD','group':'west','kind':'store','name':'Main Street','store':'hall','timeZone':'America/Chicago'}",
                "APP|{'name':'com.acme','version':3}",
                "DECISION_RULE|{'name':'com.acme.r','attribute':'a.b','conflicts':true,'decision':'approve','definitions':['a.c'],'description':'d','order':1,'roles':['clerk'],'stores':['store-1'],'type':'retail.item','values':['x'],'withinPercent':'10'}"
            })
    void whatIsReadIsWrittenAgainAlsoFromTheObjectThatItMakes(SchemaKind kind, String json) {
        var declaration = read(kind, json);
        var again = Declaration.of(kind, object(declaration));
        assertThat(SchemaJson.write(declaration).toString()).isEqualTo(json.replace('\'', '"'));
        assertThat(again).isEqualTo(declaration);
        assertThat(declaration.values()).hasSameSizeAs(kind.attributes());
    }

    @Test
    void numbersMayComeAsNumbersAndMembersAsWhatTheyAre() {
        var declaration = read(SchemaKind.CONSTRAINT, "{'name':'a.b','min':0.0,'max':1e2,'values':['x',1.50,7,true]}");
        assertThat(SchemaJson.write(declaration).toString())
                .isEqualTo(
                        "{\"name\":\"a.b\",\"max\":\"100\",\"min\":\"0\",\"values\":[\"x\",\"1.5\",\"7\",\"true\"]}");
    }

    @Test
    void aNameThatStandsElsewhereNeedNotBeRepeated() {
        var fields = Fields.of(Json.parse("{\"kind\":\"store\"}"));
        assertThat(SchemaJson.read(SchemaKind.LOCATION, fields, Optional.of("store-1"))
                        .name())
                .isEqualTo("store-1");
        assertThatThrownBy(() ->
                        SchemaJson.read(SchemaKind.LOCATION, Fields.of(Json.parse("{\"id\":\"a\"}")), Optional.of("b")))
                .isInstanceOf(MalformedInput.class);
    }

    @Test
    void readsListsWithEachFieldsPlace() {
        var body = Fields.of(Json.parse("{\"types\":[{\"name\":\"a.b\"},{\"name\":\"a.c\",\"more\":1}]}"));
        assertThatThrownBy(() -> SchemaJson.readAll(SchemaKind.TYPE, body)).hasMessageContaining("/types/1/more");
        assertThat(SchemaJson.readAll(SchemaKind.DEFINITION, body)).isEmpty();
    }

    static Stream<Rule> rules() {
        return Stream.of(
                new Rule.Required(true, Optional.of("west")),
                new Rule.Count(Optional.of(1L), Optional.of(3L)),
                new Rule.Range(Optional.of(new BigDecimal("-1.5")), Optional.empty()),
                new Rule.Length(Optional.empty(), Optional.of(30L)),
                new Rule.Pattern("[a-z]+"),
                new Rule.OneOf(Set.of(new Value.Text("a"), new Value.Text("b"))),
                new Rule.OneOf(Set.of(new Value.Whole(1), new Value.Whole(2))),
                new Rule.OneOf(Set.of(new Value.Flag(true))),
                new Rule.Unique(true),
                new Rule.Refer(Optional.of(StandardSchema.DEPARTMENT), Rule.OnDelete.CASCADE),
                new Rule.GlobalOnly());
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aConstraintIsToldAsItWouldBeDeclared(Rule rule) {
        var type = switch (rule) {
            case Rule.Range range -> "decimal";
            case Rule.Refer refer -> "reference";
            case Rule.OneOf(var values) -> values.iterator().next().type().wireName();
            default -> "string";
        };
        var definition = Declaration.of(SchemaKind.DEFINITION, "com.acme.it")
                .with("valueType", type)
                .with("type", "retail.item")
                .with("variesByLocation", new Literal.Flag(!(rule instanceof Rule.GlobalOnly)))
                .with("cardinality", "many");
        var constraint = new Constraint(
                new ConstraintName("com.acme.it.rule"),
                Optional.of(StandardSchema.ITEM),
                new DefinitionName("com.acme.it"),
                rule,
                true,
                Optional.of("So it is."));
        var schema = SchemaRules.read(List.of(
                object(rule instanceof Rule.Refer ? definition.with("target", "retail.department") : definition),
                object(StandardDeclarations.of(constraint))));
        assertThat(schema.constraint(constraint.name())).contains(constraint);
    }

    @Test
    void theStandardDefinitionsAreToldAsTheyWouldBeDeclared() {
        for (var standard : StandardSchema.SCHEMA.definitions()) {
            var renamed = new Definition(
                    new DefinitionName("com.acme." + standard.name()),
                    standard.carrier(),
                    standard.type(),
                    standard.cardinality(),
                    standard.variesByLocation(),
                    standard.target(),
                    Math.min(standard.maxBytes(), Definition.CLIENT_BYTES));
            if (standard.carrier()
                    .filter(carrier -> carrier.text().startsWith("sys."))
                    .isEmpty()) {
                assertThat(SchemaRules.read(List.of(object(StandardDeclarations.of(renamed))))
                                .definition(renamed.name()))
                        .contains(renamed);
            }
        }
        assertThat(StandardDeclarations.all(SchemaKind.TYPE))
                .extracting(Declaration::name)
                .contains("retail.item", new TypeName("sys.location").text());
        assertThat(StandardDeclarations.all(SchemaKind.LOCATION)).isEmpty();
    }
}
