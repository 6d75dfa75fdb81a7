package dev.storemesh.http;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// This module knows the protocol, an HTTP server and JSON: no cluster, no database, no actor of a node.
class ArrowsTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.storemesh.http");

    @Test
    void knowsOnlyTheProtocolHttpAndJson() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.storemesh.http..",
                        "dev.storemesh.protocol..",
                        "org.apache.pekko",
                        "org.apache.pekko.actor..",
                        "org.apache.pekko.event..",
                        "org.apache.pekko.http..",
                        "org.apache.pekko.japi..",
                        "org.apache.pekko.stream..",
                        "org.apache.pekko.util..",
                        "com.fasterxml.jackson..",
                        "org.slf4j..",
                        "org.jspecify..",
                        "scala..",
                        "java..",
                        "javax.net.ssl..")
                .andShould()
                .onlyDependOnClassesThat()
                .resideOutsideOfPackage("java.sql..")
                .check(CLASSES);
    }

    @Test
    void hasNoCycles() {
        slices().matching("dev.storemesh.http.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
