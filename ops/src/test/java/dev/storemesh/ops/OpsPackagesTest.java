package dev.storemesh.ops;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

final class OpsPackagesTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.storemesh.ops");

    @Test
    void dependOnEachOtherOneWay() {
        slices().matching("dev.storemesh.ops.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
