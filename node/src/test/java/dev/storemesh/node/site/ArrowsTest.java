package dev.storemesh.node.site;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArrowsTest {
    private static final JavaClasses NODE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.storemesh.node");

    @Test
    void onlySettingsSeeTheConfiguration() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.storemesh.node.site")
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
}
