package dev.storemesh.node.site;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArrowsTest {
    private static final JavaClasses NODE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.storemesh.node");

    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.storemesh");

    /// And the wiring, which hands Pekko's part of it through.
    @Test
    void onlySettingsSeeTheConfiguration() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.storemesh.node", "dev.storemesh.node.site")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.typesafe.config..")
                .check(NODE);
    }

    @Test
    void nothingOfTheSiteKnowsMain() {
        noClasses()
                .that()
                .resideInAPackage("dev.storemesh.node.*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.storemesh.node")
                .check(NODE);
    }

    @Test
    void hasNoCycles() {
        slices().matching("dev.storemesh.node.(*)..").should().beFreeOfCycles().check(NODE);
    }

    @Test
    void modulesKnowEachOtherInOneDirection() {
        knowsNothingOf("dev.storemesh.protocol..", "http", "persistence", "node");
        knowsNothingOf("dev.storemesh.http..", "persistence", "node");
        knowsNothingOf("dev.storemesh.persistence..", "http", "node");
    }

    private static void knowsNothingOf(String module, String... others) {
        for (var other : others) {
            noClasses()
                    .that()
                    .resideInAPackage(module)
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("dev.storemesh." + other + "..")
                    .check(ALL);
        }
    }

    @Test
    void onlyTheLinkCallsOtherSites() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.storemesh.node.link")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.net.http..")
                .check(NODE);
    }

    @Test
    void entitiesReadNoClockOfTheirOwn() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.storemesh.node.catalog", "dev.storemesh.node.replica", "dev.storemesh.node.access")
                .should()
                .callMethod(java.time.Instant.class, "now")
                .check(NODE);
    }
}
