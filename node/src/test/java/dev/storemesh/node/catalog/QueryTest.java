package dev.storemesh.node.catalog;

import static dev.storemesh.node.site.TestSite.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.node.site.TestSite;
import dev.storemesh.protocol.catalog.Answer.Accepted;
import dev.storemesh.protocol.catalog.CatalogPort.QueryPage;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.catalog.Reading.Found;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.query.Fault;
import dev.storemesh.protocol.query.QueryAnswer;
import dev.storemesh.protocol.query.QueryJson;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Namespaces;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.write.Write;
import dev.storemesh.protocol.write.WriteJson;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Queries of a catalog with its partition, on a real journal.
class QueryTest {
    private static final CatalogId DEMO = new CatalogId("demo");
    private static final DefinitionName BARCODE = new DefinitionName("retail.item.barcode");
    private static final String TEA = "{'filter':{'attribute':'retail.item.name','word':'tea'},"
            + "'sort':[{'attribute':'retail.item.price','order':'desc'}],'limit':2,'total':true}";

    @TempDir
    Path folder;

    private TestSite site;
    private Catalogs catalogs;

    @BeforeEach
    void start() {
        site = TestSite.start(folder, Map.of());
        catalogs = catalogs();
        get(catalogs.create(DEMO, Provenance.of("operator")));
        write("[{'op':'put','object':'drinks','create':true,'type':'retail.department'},"
                + item("green", "Green tea", 350, "1")
                + item("black", "Black Tea", 300, "2")
                + item("white", "white téa", 900, "3")
                + "{'op':'put','object':'pot','create':true,'type':'retail.item',"
                + "'set':[{'attribute':'retail.item.name','value':'Teapot'}]}]");
    }

    private Catalogs catalogs() {
        var log = new LogReader(site.system(), LogOrigin.CATALOG, LogReader.journal(site.system()));
        return new Catalogs(
                site.system(),
                site.settings().catalog(),
                Partitions.start(site.system(), log, site.settings().partition()),
                log,
                () -> CompletableFuture.completedFuture(Namespaces.NONE),
                Instant::now,
                new SplittableRandom(1));
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private static String item(String token, String name, int cents, String barcode) {
        return "{'op':'put','object':'" + token + "','create':true,'type':'retail.item','set':["
                + "{'attribute':'retail.item.name','value':'" + name + "'},"
                + "{'attribute':'retail.item.price','value':{'amount':" + cents + ",'currency':'USD'}},"
                + "{'attribute':'retail.item.barcode','value':'" + barcode + "'},"
                + "{'attribute':'retail.item.department','value':'drinks'}]},";
    }

    private Version write(String operations) {
        var body = Fields.of(Json.parse(("{'operations':" + operations + "}").replace('\'', '"')));
        var write = new Write(WriteJson.operations(body), Provenance.of("ann"), "digest", Optional.empty());
        var answer = get(catalogs.write(DEMO, write));
        assertThat(answer).isInstanceOf(Accepted.class);
        return ((Accepted) answer).version();
    }

    private Reading<QueryAnswer> ask(String query, Optional<Version> version, Optional<ObjectToken> after) {
        var fields = Fields.of(Json.parse(query.replace('\'', '"')));
        return get(catalogs.query(DEMO, new QueryPage(QueryJson.read(fields), version, after)));
    }

    private List<String> tokens(String query, Optional<Version> version) {
        var all = new ArrayList<String>();
        var at = version;
        var after = Optional.<ObjectToken>empty();
        while (true) {
            var found = (Found<QueryAnswer>) ask(query, at, after);
            found.value().objects().forEach(view -> all.add(view.object().text()));
            if (!found.value().more()) {
                return all;
            }
            at = Optional.of(found.version());
            after = Optional.of(found.value().objects().getLast().object());
        }
    }

    @Test
    void goesOnFromPageToPageInTheAskedOrder() {
        assertThat(tokens(TEA, Optional.empty())).containsExactly("white", "green", "black");
        var first = (Found<QueryAnswer>) ask(TEA, Optional.empty(), Optional.empty());
        assertThat(first.value().total()).contains(3L);
        assertThat(first.value().objects()).hasSize(2);
    }

    @Test
    void answersAsOfAVersionWhateverCameLater() {
        assertThat(tokens(TEA, Optional.empty())).hasSize(3); // the index is there before the change
        var before = ((Found<QueryAnswer>) ask(TEA, Optional.empty(), Optional.empty())).version();
        write("[{'op':'delete','object':'white'},{'op':'put','object':'green','set':["
                + "{'attribute':'retail.item.name','value':'Coffee'}]},{'op':'put','object':'pot','set':["
                + "{'attribute':'retail.item.name','value':'Pot for tea'}]}]");
        assertThat(tokens(TEA, Optional.empty())).containsExactly("black", "pot");
        assertThat(tokens(TEA, Optional.of(before))).containsExactly("white", "green", "black");
        assertThat(ask(TEA, Optional.of(before.next().next()), Optional.empty()))
                .isInstanceOf(Reading.NotYet.class);
    }

    @Test
    void answersTheSameAfterARestart() {
        site.close();
        site = TestSite.start(folder, Map.of());
        catalogs = catalogs();
        assertThat(tokens(TEA, Optional.empty())).containsExactly("white", "green", "black");
    }

    @Test
    void findsWhatIsReferredTo() {
        assertThat(tokens("{'filter':{'referencedBy':{'object':'black'}}}", Optional.empty()))
                .containsExactly("drinks");
        assertThat(tokens("{'filter':{'and':[{'type':'retail.department'},{'referencedBy':{}}]}}", Optional.empty()))
                .containsExactly("drinks");
    }

    @Test
    void saysWhatMakesNoSense() {
        var reading =
                ask("{'filter':{'type':'retail.ghost'},'location':'nowhere'}", Optional.empty(), Optional.empty());
        assertThat(((Reading.Invalid<QueryAnswer>) reading).faults())
                .extracting(Fault::code)
                .containsExactly(Fault.Code.UNKNOWN_TYPE, Fault.Code.UNKNOWN_LOCATION);
    }

    @Test
    void findsTheOneObjectOfAUniqueValue() {
        var found = (Found<ObjectView.Live>) by(BARCODE, "2", Optional.empty());
        assertThat(found.value().object()).isEqualTo(new ObjectToken("black"));
        var before = found.version();
        write("[{'op':'delete','object':'black'}]");
        assertThat(by(BARCODE, "2", Optional.empty())).isInstanceOf(Reading.Nothing.class);
        assertThat(by(BARCODE, "2", Optional.of(before))).isInstanceOf(Found.class);
        assertThat(by(new DefinitionName("retail.item.name"), "Teapot", Optional.empty()))
                .isInstanceOf(Reading.Invalid.class);
    }

    private Reading<ObjectView.Live> by(DefinitionName attribute, String value, Optional<Version> version) {
        return get(catalogs.objectBy(DEMO, attribute, value, version, Scope.all()));
    }
}
