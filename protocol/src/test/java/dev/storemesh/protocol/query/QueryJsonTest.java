package dev.storemesh.protocol.query;

import static dev.storemesh.protocol.Samples.IN_DEPARTMENT;
import static dev.storemesh.protocol.Samples.NAME;
import static dev.storemesh.protocol.Samples.PRICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.json.MalformedInput;
import dev.storemesh.protocol.query.Filter.Match;
import dev.storemesh.protocol.query.Query.Facet;
import dev.storemesh.protocol.query.Query.Sort;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Value;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QueryJsonTest {
    private static Query read(String json) {
        var fields = Fields.of(Json.parse(json.replace('\'', '"')));
        var query = QueryJson.read(fields);
        fields.end();
        return query;
    }

    private static Filter filter(String json) {
        return read("{'filter': " + json + "}").filter();
    }

    @Test
    void asksForEverythingWhereNothingIsSaid() {
        assertThat(read("{}")).isEqualTo(Query.of(Query.EVERYTHING));
    }

    @Test
    void readsEveryField() {
        assertThat(read("{'filter': {'type': 'retail.item'}, 'limit': 50, 'location': 'store-1', 'total': true,"
                        + " 'sort': [{'attribute': 'retail.item.price', 'order': 'desc'},"
                        + " {'attribute': 'retail.item.name'}, {'attribute': 'retail.item.name', 'order': 'asc'}],"
                        + " 'attributes': ['retail.item.name'],"
                        + " 'facets': [{'attribute': 'retail.item.department', 'limit': 5},"
                        + " {'attribute': 'retail.item.price'}]}"))
                .isEqualTo(new Query(
                        new Filter.OfType(StandardSchema.ITEM),
                        List.of(new Sort(PRICE, true), new Sort(NAME, false), new Sort(NAME, false)),
                        50,
                        Optional.of(new LocationId("store-1")),
                        Optional.of(List.of(NAME)),
                        List.of(new Facet(IN_DEPARTMENT, 5), new Facet(PRICE, 20)),
                        true));
    }

    @Test
    void readsEveryNode() {
        var tea = new ObjectToken("tea");
        assertThat(filter("{'and': [{'or': []}, {'not': {'and': []}},"
                        + " {'references': {'attribute': 'retail.item.department', 'object': 'tea'}},"
                        + " {'references': {'object': 'tea'}}, {'referencedBy': {}},"
                        + " {'referencedBy': {'attribute': 'retail.item.department', 'object': 'tea'}}]}"))
                .isEqualTo(new Filter.And(List.of(
                        new Filter.Or(List.of()),
                        new Filter.Not(new Filter.And(List.of())),
                        new Filter.References(Optional.of(IN_DEPARTMENT), tea),
                        new Filter.References(Optional.empty(), tea),
                        new Filter.ReferencedBy(Optional.empty(), Optional.empty()),
                        new Filter.ReferencedBy(Optional.of(IN_DEPARTMENT), Optional.of(tea)))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'equal': 'tea' | Equal[value=Text[text=tea]]",
                "'equal': {'amount': 350, 'currency': 'USD'} | Equal[value=Amount[amount=350, currency=USD]]",
                "'in': [1, true] | In[values=[Whole[number=1], Flag[flag=true]]]",
                "'range': {'min': 1} | Range[min=Optional[Whole[number=1]], max=Optional.empty]",
                "'range': {'min': 1, 'max': 2}"
                        + "| Range[min=Optional[Whole[number=1]], max=Optional[Whole[number=2]]]",
                "'prefix': 'gre' | Prefix[text=gre]",
                "'word': 'tea' | Word[text=tea]",
                "'exists': false | Exists[wanted=false]"
            })
    void readsEveryMatch(String json, String match) {
        assertThat(filter("{'attribute': 'retail.item.name', " + json.strip() + "}"))
                .asInstanceOf(InstanceOfAssertFactories.type(Filter.Attribute.class))
                .satisfies(attribute -> {
                    assertThat(attribute.definition()).isEqualTo(NAME);
                    assertThat(attribute.match()).isInstanceOf(Match.class).hasToString(match.strip());
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'filter': []} | invalid_value | /filter",
                "{'filter': {}} | missing_field | /filter",
                "{'filter': {'and': [], 'or': []}} | invalid_value | /filter",
                "{'filter': {'and': {}}} | invalid_value | /filter/and",
                "{'filter': {'or': null}} | invalid_value | /filter/or",
                "{'filter': {'and': [{'not': []}]}} | invalid_value | /filter/and/0/not",
                "{'filter': {'type': 'item'}} | invalid_value | /filter/type",
                "{'filter': {'type': 'retail.item', 'equal': 1}} | unknown_field | /filter/equal",
                "{'filter': {'attribute': 'retail.item.name'}} | missing_field | /filter",
                "{'filter': {'attribute': 'retail.item.name', 'equal': 1, 'in': []}} | invalid_value | /filter",
                "{'filter': {'attribute': 'retail.item.name', 'equal': 1.5}} | invalid_value | /filter/equal",
                "{'filter': {'attribute': 'retail.item.name', 'in': 1}} | invalid_value | /filter/in",
                "{'filter': {'attribute': 'retail.item.name', 'in': [null]}} | invalid_value | /filter/in/0",
                "{'filter': {'attribute': 'retail.item.name', 'range': {}}} | missing_field | /filter/range/min",
                "{'filter': {'attribute': 'retail.item.name', 'range': {'least': 1}}} | unknown_field"
                        + "| /filter/range/least",
                "{'filter': {'attribute': 'retail.item.name', 'word': 1}} | invalid_value | /filter/word",
                "{'filter': {'attribute': 'retail.item.name', 'exists': 'yes'}} | invalid_value | /filter/exists",
                "{'filter': {'references': {}}} | missing_field | /filter/references/object",
                "{'filter': {'referencedBy': {'type': 1}}} | unknown_field | /filter/referencedBy/type",
                "{'limit': 0} | invalid_value | /limit",
                "{'limit': 1001} | invalid_value | /limit",
                "{'sort': [{'attribute': 'retail.item.name', 'order': 'up'}]} | invalid_value | /sort/0/order",
                "{'sort': [{}]} | missing_field | /sort/0/attribute",
                "{'sort': {}} | invalid_value | /sort",
                "{'attributes': [1]} | invalid_value | /attributes/0",
                "{'attributes': ['name']} | invalid_value | /attributes/0",
                "{'attributes': null} | invalid_value | /attributes",
                "{'facets': [{'attribute': 'retail.item.name', 'limit': 1001}]} | invalid_value | /facets/0/limit",
                "{'total': 1} | invalid_value | /total",
                "{'location': 'a b'} | invalid_value | /location",
                "{'where': {}} | unknown_field | /where"
            })
    void saysWhereTheFormIsNotKept(String json, String code, String field) {
        assertThatThrownBy(() -> read(json)).isInstanceOfSatisfying(MalformedInput.class, malformed -> {
            assertThat(malformed.code()).isEqualTo(code);
            assertThat(malformed.field()).isEqualTo(field);
        });
    }

    @Test
    void writesFacetsAndFaults() {
        var counts = new QueryAnswer.Counts(
                IN_DEPARTMENT, List.of(new QueryAnswer.Count(new Value.Reference(new ObjectToken("drinks")), 3)), true);
        assertThat(QueryJson.facets(List.of(counts)))
                .hasToString("[{\"attribute\":\"retail.item.department\",\"values\":"
                        + "[{\"value\":\"drinks\",\"count\":3}],\"more\":true}]");
        assertThat(QueryJson.write(List.of(new Fault("/filter/type", Fault.Code.UNKNOWN_TYPE, "why"))))
                .hasToString("[{\"pointer\":\"/filter/type\",\"code\":\"unknown_type\",\"message\":\"why\"}]");
    }
}
