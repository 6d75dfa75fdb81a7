package dev.storemesh.persistence;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// This module knows the protocol, how Pekko serializes and is configured, and databases: no HTTP, no actor of a
/// node.
final class ArrowsTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.storemesh.persistence");

    @Test
    void knowsOnlyTheProtocolSerializationAndDatabases() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.storemesh.persistence..",
                        "dev.storemesh.protocol..",
                        "org.apache.pekko.actor..",
                        "org.apache.pekko.serialization..",
                        "org.apache.pekko.coordination..",
                        "com.typesafe.config..",
                        "org.sqlite..",
                        "org.postgresql..",
                        "org.flywaydb..",
                        "org.slf4j..",
                        "org.jspecify..",
                        "java..")
                .check(CLASSES);
    }

    @Test
    void hasNoCycles() {
        slices().matching("dev.storemesh.persistence.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }
}
