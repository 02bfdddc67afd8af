package io.mainstay.head.eureka;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.access.api.Role;
import io.mainstay.head.web.Authenticator;
import io.mainstay.head.web.Credentials;
import io.mainstay.head.web.Principal;
import io.mainstay.head.web.Verdict;
import io.mainstay.platform.sim.SimClock;
import io.mainstay.registry.api.RegistryView;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Namespaces by the service URL, and who gets into which.
class NamespacesTest {

    private static final String SHOP =
            """
            {"instance":{"instanceId":"s1","hostName":"h","app":"SHOP","ipAddr":"10.0.0.1","status":"UP",\
            "vipAddress":"shop","dataCenterInfo":{"@class":"c","name":"MyOwn"}}}""";

    private static final String LONG =
            "a23456789012345678901234567890123456789012345678901234567890123456";

    @TempDir Path directory;

    /// The user `shop` is bound to two namespaces.
    private static final class Bound implements Authenticator {
        @Override
        public boolean required() {
            return true;
        }

        @Override
        public Verdict known(Credentials credentials) {
            return new Verdict.Granted(
                    new Principal("shop", Role.SERVICE, List.of("team-a", "team-b")));
        }

        @Override
        public void check(Credentials credentials, Consumer<Verdict> done) {
            done.accept(known(credentials));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ns/team-a/eureka", "/ns/team-a/eureka/v2", "/ns/team%2Da/eureka/"})
    void aNamespaceIsMadeByItsFirstRegistrationAndSeenByNoOther(String base) throws Exception {
        try (HeadFixture head = new HeadFixture(directory, Authenticator.open())) {
            assertThat(head.json(base + "/apps/").body()).contains("\"application\":[]");
            assertThat(head.json(base + "/apps/SHOP").statusCode()).isEqualTo(404);
            assertThat(head.registerAt(base + "/apps/SHOP", SHOP).statusCode()).isEqualTo(204);
            for (String call :
                    List.of("apps/", "apps/delta", "apps/SHOP", "apps/SHOP/s1", "instances/s1")) {
                assertThat(head.json(base + "/" + call).body()).as(call).contains("\"s1\"");
                assertThat(head.json("/eureka/" + call).body()).as(call).doesNotContain("s1");
                assertThat(head.json("/ns/team-b/eureka/" + call).body()).doesNotContain("s1");
            }
            assertThat(head.json(base + "/vips/shop").body()).contains("\"s1\"");
            assertThat(head.json("/eureka/vips/shop").body()).doesNotContain("s1");
            assertThat(head.send("PUT", base + "/apps/SHOP/s1").statusCode()).isEqualTo(200);
            assertThat(head.send("PUT", "/eureka/apps/SHOP/s1").statusCode()).isEqualTo(404);
            String override = "/apps/SHOP/s1/status?value=OUT_OF_SERVICE";
            assertThat(head.send("PUT", "/ns/team-b/eureka" + override).statusCode())
                    .isEqualTo(404);
            assertThat(head.send("PUT", base + override).statusCode()).isEqualTo(200);
            assertThat(head.send("DELETE", "/eureka/apps/SHOP/s1").statusCode()).isEqualTo(404);
            assertThat(head.send("DELETE", base + "/apps/SHOP/s1").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void theNamespaceDefaultHasTwoAddresses() throws Exception {
        try (HeadFixture head = new HeadFixture(directory, Authenticator.open())) {
            head.register("SHOP", SHOP);
            assertThat(head.json("/ns/default/eureka/apps/SHOP").body())
                    .isEqualTo(head.json("/eureka/apps/SHOP").body());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-a", "a%2Fb", "%00", "a%20b", "%C3%A4", "_", "%2e%2e", "%C0", LONG})
    void aNameThatBreaksTheRuleIsRefusedWithTheRule(String name) throws Exception {
        try (HeadFixture head = new HeadFixture(directory, Authenticator.open())) {
            HttpResponse<String> answer = head.json("/ns/" + name + "/eureka/apps/");
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).startsWith("A namespace has 1 to 64 letters");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/ns", "/ns/", "/ns/a", "/ns/a/b/apps", "/ns//eureka", "/a/eureka/apps"})
    void whatIsNoNamespaceIsNotFound(String path) throws Exception {
        try (HeadFixture head = new HeadFixture(directory, Authenticator.open())) {
            assertThat(head.json(path).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void aBoundUserIsRefusedOutsideItsNamespacesWithASentence() throws Exception {
        String pair =
                Base64.getEncoder().encodeToString("shop:pass".getBytes(StandardCharsets.UTF_8));
        String[] credentials = {"Authorization", "Basic " + pair};
        try (HeadFixture head = new HeadFixture(directory, new Bound())) {
            for (String inside : List.of("team-a", "team-b")) {
                assertThat(
                                head.send("GET", "/ns/" + inside + "/eureka/apps/", credentials)
                                        .statusCode())
                        .isEqualTo(200);
            }
            for (String outside : List.of("/eureka/", "/eureka/v2/", "/ns/team-c/eureka/")) {
                for (String method : List.of("GET", "PUT", "DELETE")) {
                    HttpResponse<String> answer =
                            head.send(method, outside + "apps/SHOP/s1", credentials);
                    assertThat(answer.statusCode()).isEqualTo(403);
                    assertThat(answer.body())
                            .startsWith("The user shop is bound to team-a, team-b and has no part")
                            .contains("/ns/{namespace}/eureka/");
                }
                assertThat(
                                head.send(
                                                "POST",
                                                outside + "peerreplication/batch/",
                                                "{\"replicationList\":[]}"
                                                        .getBytes(StandardCharsets.UTF_8),
                                                credentials)
                                        .statusCode())
                        .isEqualTo(403);
            }
        }
    }

    @Test
    void eurekaServersReplicateToTheNamespaceDefaultOnly() throws Exception {
        try (HeadFixture head = new HeadFixture(directory, Authenticator.open())) {
            HttpResponse<String> answer =
                    head.registerAt(
                            "/ns/team-a/eureka/peerreplication/batch/", "{\"replicationList\":[]}");
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).contains("default only");
        }
    }

    @Test
    void cachesOfANamespaceAreBoundedAndGoWhenNobodyReadsThem() {
        SimClock clock = new SimClock(0);
        NamespaceCaches caches = new NamespaceCaches(clock);
        MapRegistry registry = new MapRegistry();
        assertThat(caches.of(registry.view("unknown"), Form.JSON)).isNotNull();
        assertThat(caches.size()).isZero();

        FormCache first = caches.of(used("n0"), Form.JSON);
        assertThat(caches.of(used("n0"), Form.JSON)).isSameAs(first);
        for (int i = 1; i < NamespaceCaches.MAX_NAMESPACES + 50; i++) {
            caches.of(used("n" + i), Form.XML);
        }
        assertThat(caches.size()).isEqualTo(NamespaceCaches.MAX_NAMESPACES);

        FormCache usual = caches.of(used("default"), Form.JSON);
        clock.advance(Duration.ofSeconds(50));
        caches.of(used("n0"), Form.JSON);
        clock.advance(Duration.ofSeconds(50));
        caches.dropUnread();
        assertThat(caches.size()).isEqualTo(1);
        assertThat(caches.of(used("n0"), Form.JSON)).isSameAs(first);
        assertThat(caches.of(used("default"), Form.JSON)).isSameAs(usual);
        clock.advance(Duration.ofSeconds(61));
        caches.dropUnread();
        assertThat(caches.size()).isZero();
    }

    /// A view in which something has just been.
    private static RegistryView used(String namespace) {
        MapRegistry registry = new MapRegistry();
        try {
            registry.register(
                    RegistrationMapping.registration(
                            JsonReader.instance(SHOP.getBytes(StandardCharsets.UTF_8)),
                            namespace,
                            "SHOP",
                            false),
                    outcome -> {});
        } catch (BadInputException wrong) {
            throw new AssertionError(namespace, wrong);
        }
        return registry.view(namespace);
    }

    @Test
    void anEmptyViewIsNoReasonForACache() {
        NamespaceCaches caches = new NamespaceCaches(new SimClock(0));
        RegistryView empty = new RegistryView("a", 1, new TreeMap<>(), new TreeMap<>(), List.of());
        assertThat(caches.of(empty, Form.JSON)).isNotSameAs(caches.of(empty, Form.JSON));
        assertThat(caches.size()).isZero();
    }
}
