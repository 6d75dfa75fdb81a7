package dev.storemesh.protocol.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.storemesh.protocol.json.MalformedInput;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.write.Operation.Setting;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BulkReaderTest {
    private static Setting set(String attribute, Optional<String> location, Literal value) {
        return new Setting(new Slot(new DefinitionName(attribute), location.map(LocationId::new)), value);
    }

    @Test
    void readsWhatAnExportWrites() {
        var line = Lines.read("{'object':'tea','type':'retail.item','attributes':["
                + "{'attribute':'retail.item.name','value':'Teé 😀'},"
                + "{'attribute':'retail.item.price','location':'store-1','value':{'amount':350,'currency':'USD'}},"
                + "{'attribute':'retail.item.tax','value':-7},{'attribute':'retail.item.foodstamp','value':true}]}");
        assertThat(line)
                .isEqualTo(new BulkLine(
                        1,
                        new ObjectToken("tea"),
                        new TypeName("retail.item"),
                        List.of(
                                set("retail.item.name", Optional.empty(), new Literal.Text("Teé 😀")),
                                set("retail.item.price", Optional.of("store-1"), new Literal.Amount(350, "USD")),
                                set("retail.item.tax", Optional.empty(), new Literal.Whole(-7)),
                                set("retail.item.foodstamp", Optional.empty(), new Literal.Flag(true))),
                        line instanceof BulkLine read ? read.sizeBytes() : 0));
    }

    @Test
    void theOrderOfFieldsIsFree() {
        assertThat(Lines.read("{'attributes':[{'value':1,'attribute':'a.b'}],'type':'a.t','object':'x'}"))
                .isInstanceOfSatisfying(
                        BulkLine.class,
                        line -> assertThat(line.set())
                                .containsExactly(set("a.b", Optional.empty(), new Literal.Whole(1))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'object':'x','attributes':[]} | missing_field",
                "{'object':'x','type':'Bad Type'} | invalid_value",
                "{'object':'x','type':'a.t','version':3} | unknown_field",
                "{'object':'x','type':'a.t','attributes':{}} | invalid_value",
                "{'object':'x','type':'a.t','attributes':[7]} | invalid_value",
                "{'object':'x','type':'a.t','attributes':[{'attribute':'a.b'}]} | missing_field",
                "{'object':'x','type':'a.t','attributes':[{'value':1}]} | missing_field",
                "{'object':'x','type':'a.t','attributes':[{'attribute':'a.b','value':1.5}]} | invalid_value",
                "{'object':'x','type':'a.t','attributes':[{'attribute':'a.b','value':99999999999999999999}]} | invalid_value",
                "{'object':'x','type':'a.t','attributes':[{'attribute':'a.b','value':null}]} | invalid_value",
                "{'object':'x','type':'a.t','attributes':[{'attribute':'a.b','value':{'amount':1}}]} | invalid_value",
                "{'object':'x','type':'a.t','attributes':[{'attribute':'a.b','value':1,'more':[{}]}]} | unknown_field",
                "{'attributes':[{'attribute':'a.b','value':[1,[2]]}],'type':'a.t','object':'x'} | invalid_value",
            })
    void aLineThatNamesAnObjectAndIsNotOfTheFormIsRefused(String line, String code) {
        assertThat(Lines.read(line)).isInstanceOfSatisfying(RefusedLine.class, refused -> {
            assertThat(refused.object()).isEqualTo("x");
            assertThat(refused.number()).contains(1L);
            assertThat(refused.code()).isEqualTo(code);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'object':'x'",
                "[]",
                "7",
                "{'object':'x','type':'a.t'}{}",
                "{'type':'a.t','attributes':[]}",
                "{'object':7,'type':'a.t'}",
                "{'object':'no token','type':'a.t'}",
                "{'object':'x','object':'y','type':'a.t'}",
                "{'object':'x','type':'a.t','attributes':[{'attribute':'a.b','value':'\\u0000'}]}",
                "{'object':'x','type':'a.t','attributes':[{'attribute':'a.b','value':'\\ud800'}]}",
            })
    void whatNobodyCanTellTheObjectOfIsAnError(String line) {
        assertThatThrownBy(() -> Lines.read(line)).isInstanceOf(MalformedInput.class);
    }
}
