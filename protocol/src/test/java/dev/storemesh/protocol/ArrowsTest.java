package dev.storemesh.protocol;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ArrowsTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.storemesh.protocol");
    private static final Set<String> TIME = Set.of("now", "currentTimeMillis", "nanoTime", "systemUTC");

    @Test
    void seesTheWholeModule() {
        assertThat(CLASSES.contain("dev.storemesh.protocol.catalog.CatalogDecider"))
                .isTrue();
        assertThat(CLASSES.size()).isGreaterThan(100);
    }

    @Test
    void knowsNeitherActorsNorSqlNorServers() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache.pekko..",
                        "scala..",
                        "java.sql..",
                        "javax.sql..",
                        "java.net..",
                        "com.sun.net..",
                        "com.typesafe..",
                        "org.slf4j..",
                        "java.nio.file..",
                        "dev.storemesh.persistence..",
                        "dev.storemesh.http..",
                        "dev.storemesh.node..",
                        "dev.storemesh.ops..")
                .check(CLASSES);
    }

    @Test
    void dependsOnLittle() {
        noClasses()
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are of other libraries",
                        type -> !type.isPrimitive()
                                && !type.getBaseComponentType().isPrimitive()
                                && !type.getBaseComponentType().getPackageName().startsWith("java")
                                && !type.getBaseComponentType().getPackageName().startsWith("com.fasterxml.jackson.")
                                && !type.getBaseComponentType().getPackageName().startsWith("com.google.re2j")
                                && !type.getBaseComponentType().getPackageName().startsWith("org.jspecify.")
                                && !type.getBaseComponentType().getPackageName().startsWith("dev.storemesh.protocol")))
                .check(CLASSES);
    }

    @Test
    void packagesFormNoCycles() {
        slices().matching("dev.storemesh.protocol.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void readsNoClock() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .orShould()
                .callMethodWhere(DescribedPredicate.describe("reads the time", call -> {
                    AccessTarget target = call.getTarget();
                    return TIME.contains(target.getName())
                            && target.getOwner().getPackageName().startsWith("java.");
                }))
                .orShould()
                .accessClassesThat()
                .haveFullyQualifiedName("java.util.Date")
                .check(CLASSES);
    }

    @Test
    void rollsNoDice() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.util\\.(Random|SplittableRandom|UUID|concurrent\\.ThreadLocalRandom)|java\\.security\\.SecureRandom")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethodWhere(DescribedPredicate.describe(
                        "makes a generator",
                        call -> call.getTarget().getOwner().getPackageName().equals("java.util.random")
                                && (call.getTarget().getName().equals("getDefault")
                                        || call.getTarget().getName().equals("of")
                                        || call.getTarget().getName().equals("create"))))
                .check(CLASSES);
    }

    @Test
    void blocksNowhere() {
        noClasses()
                .should()
                .callMethodWhere(DescribedPredicate.describe(
                        "waits",
                        call -> Set.of("sleep", "join", "await", "park")
                                        .contains(call.getTarget().getName())
                                && call.getTarget()
                                        .getOwner()
                                        .getPackageName()
                                        .matches("java\\.(lang|util\\.concurrent)")
                                && !call.getTarget().getOwner().isEquivalentTo(String.class)))
                .check(CLASSES);
    }
}
