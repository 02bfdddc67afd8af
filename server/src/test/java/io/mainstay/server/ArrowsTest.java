package io.mainstay.server;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;

import org.junit.jupiter.api.Test;

import java.nio.channels.FileChannel;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;

/// The arrows of the house that Maven's module dependencies cannot see.
class ArrowsTest {

    private static final JavaClasses HOUSE =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.mainstay");

    private static void holds(ArchRule rule) {
        rule.allowEmptyShould(true).check(HOUSE);
    }

    @Test
    void headsKnowDomainsAndNotTheKernel() {
        holds(
                noClasses()
                        .that()
                        .resideInAPackage("io.mainstay.head..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("io.mainstay.kernel..")
                        .because("a head turns bytes into domain calls and nothing else"));
    }

    @Test
    void oneHeadDoesNotKnowAnother() {
        for (String head : new String[] {"amqp", "eureka", "grpc", "http", "rabbitmq"}) {
            holds(
                    noClasses()
                            .that()
                            .resideInAPackage("io.mainstay.head." + head + "..")
                            .should()
                            .dependOnClassesThat(
                                    resideInAPackage("io.mainstay.head..")
                                            .and(
                                                    not(
                                                            resideInAnyPackage(
                                                                    "io.mainstay.head."
                                                                            + head
                                                                            + "..",
                                                                    "io.mainstay.head.web..")))));
        }
    }

    @Test
    void onlyTheGroupPackageSeesTheRaftEngine() {
        holds(
                noClasses()
                        .that()
                        .resideOutsideOfPackage("io.mainstay.kernel.group..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("org.apache.kafka.."));
    }

    @Test
    void onlyTheTracePackageSeesOpenTelemetry() {
        holds(
                noClasses()
                        .that()
                        .resideInAPackage("io.mainstay..")
                        .and()
                        .resideOutsideOfPackage("io.mainstay.server.trace..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("io.opentelemetry.."));
    }

    @Test
    void theJournalKnowsNoRaftGroup() {
        holds(
                noClasses()
                        .that()
                        .resideInAPackage("io.mainstay.kernel.journal..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("io.mainstay.kernel.group.."));
    }

    @Test
    void aDomainOffersOnlyItsApiAndServiceToTheWorld() {
        for (String domain : new String[] {"access", "registry", "messaging"}) {
            holds(
                    noClasses()
                            .that()
                            .resideInAPackage("io.mainstay.head..")
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(
                                    "io.mainstay." + domain + ".state..",
                                    "io.mainstay." + domain + ".command.."));
        }
        holds(
                noClasses()
                        .that()
                        .resideInAPackage("io.mainstay.head..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("io.mainstay.messaging.topology.."));
    }

    @Test
    void stateMachinesTouchNothingOfTheOutsideWorld() {
        holds(
                noClasses()
                        .that()
                        .resideInAnyPackage(
                                "io.mainstay.(*).state..",
                                "io.mainstay.messaging.topology.state..",
                                "io.mainstay.messaging.topology.rules..",
                                "io.mainstay.messaging.topology.view..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "io.mainstay.platform..",
                                "java.net..",
                                "java.nio.channels..",
                                "java.nio.file.."));
    }

    @Test
    void clockRandomnessThreadsAndFilesComeFromThePlatform() {
        holds(
                noClasses()
                        .that()
                        .resideInAnyPackage(
                                "io.mainstay.common..",
                                "io.mainstay.kernel..",
                                "io.mainstay.access..",
                                "io.mainstay.registry..",
                                "io.mainstay.head..",
                                "io.mainstay.server.node..")
                        // The engine's constructor takes a java.util.Random; it is made from the
                        // platform's.
                        .and()
                        .doNotHaveSimpleName("EngineAccess")
                        .should()
                        .callMethod(System.class, "nanoTime")
                        .orShould()
                        .callMethod(System.class, "currentTimeMillis")
                        .orShould()
                        .callMethod(Instant.class, "now")
                        .orShould()
                        .callMethod(Math.class, "random")
                        .orShould()
                        .callMethod(UUID.class, "randomUUID")
                        .orShould()
                        .dependOnClassesThat()
                        .areAssignableTo(Random.class)
                        .orShould()
                        .dependOnClassesThat()
                        .areAssignableTo(FileChannel.class));
    }

    @Test
    void nothingIsSerialisedByItsClass() {
        holds(
                noClasses()
                        .should()
                        .dependOnClassesThat()
                        .haveFullyQualifiedName("java.io.ObjectInputStream")
                        .orShould()
                        .dependOnClassesThat()
                        .haveFullyQualifiedName("java.io.ObjectOutputStream"));
    }

    @Test
    void everyPackageIsNullMarked() {
        holds(
                classes()
                        .that()
                        .haveSimpleName("package-info")
                        .and()
                        .resideInAPackage("io.mainstay..")
                        .should()
                        .beAnnotatedWith(org.jspecify.annotations.NullMarked.class));
    }
}
