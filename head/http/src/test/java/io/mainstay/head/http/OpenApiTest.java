package io.mainstay.head.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.head.web.Authenticator;
import io.mainstay.head.web.WebServerConfig;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// The API's description and the API say the same.
class OpenApiTest {

    private static final TreeSet<String> METHODS =
            new TreeSet<>(List.of("get", "put", "post", "delete", "patch"));

    @TempDir Path directory;

    private AdminFixture api;
    private Map<String, Object> described;

    @BeforeEach
    void open() throws Exception {
        api = new AdminFixture(directory);
        var answer = api.get("/openapi.yaml").http();
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/yaml");
        described = map(new Load(LoadSettings.builder().build()).loadFromString(answer.body()));
    }

    @AfterEach
    void close() throws Exception {
        api.close();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    private TreeSet<String> calls() {
        TreeSet<String> calls = new TreeSet<>();
        map(described.get("paths"))
                .forEach(
                        (path, item) ->
                                map(item).keySet().stream()
                                        .filter(METHODS::contains)
                                        .forEach(method -> calls.add(path + " " + method)));
        return calls;
    }

    @Test
    void everyCallThatIsDispatchedIsDescribedAndNoOther() {
        AdminCalls code =
                new AdminCalls(
                        new AdminServices(
                                api.registry,
                                api.registry.push(),
                                api.access,
                                Map::of,
                                () -> true,
                                () -> "",
                                new io.mainstay.platform.sim.SimClock(0),
                                true),
                        ConsoleFiles.none(),
                        Authenticator.open(),
                        WebServerConfig.plain("http", "127.0.0.1", 0));
        TreeSet<String> dispatched = new TreeSet<>();
        code.routes()
                .forEach(
                        route ->
                                dispatched.add(
                                        route.path()
                                                + " "
                                                + route.method()
                                                        .name()
                                                        .toLowerCase(java.util.Locale.ROOT)));
        assertThat(calls()).isEqualTo(dispatched);
    }

    @Test
    void everyDescribedCallAnswers() throws Exception {
        assertThat(api.raw("GET /api/v1/registry/events HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .contains(" 200 ");
        api.users();
        List<String> missing = new ArrayList<>();
        for (String call : calls()) {
            String[] parts = call.split(" ");
            String path = "/" + parts[0].replaceAll("\\{[^}]*}", "x");
            if (path.endsWith("/events")) {
                // A stream has no end to wait for.
                continue;
            }
            var answer =
                    api.send(
                            parts[1].toUpperCase(java.util.Locale.ROOT),
                            path,
                            "",
                            AdminFixture.root());
            assertThat(answer.status()).as(call).isNotEqualTo(403);
            if (answer.status() == 405 || answer.code().equals("not-found")) {
                missing.add(call);
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        List<String> broken = new ArrayList<>();
        follow(described, broken);
        assertThat(broken).isEmpty();
        assertThat(described).containsEntry("openapi", "3.1.0");
    }

    private void follow(Object value, List<String> broken) {
        if (value instanceof Map<?, ?> object) {
            if (object.get("$ref") instanceof String reference) {
                Object at = described;
                for (String name : reference.substring(2).split("/")) {
                    at = at instanceof Map<?, ?> inner ? inner.get(name) : null;
                }
                if (at == null) {
                    broken.add(reference);
                }
            }
            object.values().forEach(inner -> follow(inner, broken));
        } else if (value instanceof List<?> list) {
            list.forEach(inner -> follow(inner, broken));
        }
    }
}
