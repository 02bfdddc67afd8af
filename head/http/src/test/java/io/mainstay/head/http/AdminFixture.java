package io.mainstay.head.http;

import io.mainstay.access.service.AccessService;
import io.mainstay.access.state.AccessMachine;
import io.mainstay.head.web.AccessAuthenticator;
import io.mainstay.head.web.EventLoops;
import io.mainstay.head.web.WebServerConfig;
import io.mainstay.kernel.group.RaftGroups;
import io.mainstay.kernel.group.RaftGroupsConfig;
import io.mainstay.kernel.journal.JournalConfig;
import io.mainstay.kernel.journal.SegmentedJournal;
import io.mainstay.kernel.placement.SlotMap;
import io.mainstay.messaging.service.MessagingService;
import io.mainstay.messaging.topology.service.TopologyService;
import io.mainstay.messaging.topology.state.TopologyMachine;
import io.mainstay.platform.Platform;
import io.mainstay.platform.real.RealPlatform;
import io.mainstay.registry.lease.Probe;
import io.mainstay.registry.service.RegistryConfig;
import io.mainstay.registry.service.RegistryGroups;
import io.mainstay.registry.service.RegistryService;
import io.vertx.core.Vertx;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// The admin API over real domains, raft groups and a real disk, on a free port of loopback.
final class AdminFixture implements AutoCloseable {

    static final String ROOT_PASSWORD = "root password";

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final AccessService access;
    final RegistryService registry;
    final MessagingService messaging;
    final NotedDefinitions definitions = new NotedDefinitions();

    /// Why publishers are held back.
    volatile String alarm = "";

    private final Vertx vertx = EventLoops.start(1);
    private final HttpClient client = HttpClient.newHttpClient();
    private final SegmentedJournal journal;
    private final RaftGroups groups;
    private final HttpHead head;

    /// An answer; the body is null if it is no JSON.
    record Answer(HttpResponse<String> http, JsonNode json) {
        int status() {
            return http.statusCode();
        }

        String header(String name) {
            return String.join("; ", http.headers().allValues(name));
        }

        String code() {
            return json.path("code").asString("");
        }

        String message() {
            return json.path("message").asString("");
        }

        String text(String field) {
            return json.path(field).asString("");
        }
    }

    AdminFixture(Path directory) throws Exception {
        this(directory, true);
    }

    /// @param loopback what the head is told of its address; it listens on loopback anyway
    AdminFixture(Path directory, boolean loopback) throws Exception {
        Platform platform = RealPlatform.at(directory);
        journal = SegmentedJournal.open(new JournalConfig(1 << 20, 0), platform);
        AtomicReference<RaftGroups> opened = new AtomicReference<>();
        registry =
                RegistryService.open(
                        platform,
                        RegistryGroups.of(1, opened::get),
                        RegistryConfig.DEFAULT,
                        Probe.NONE);
        AccessMachine users = new AccessMachine();
        TopologyMachine topologyMachine = new TopologyMachine(new SlotMap(1));
        messaging = new MessagingService(platform, 1, Duration.ZERO);
        groups =
                RaftGroups.open(
                        new RaftGroupsConfig(1, 1, Long.MAX_VALUE, Duration.ofHours(1), 16L << 20),
                        platform,
                        journal,
                        id ->
                                id == 0
                                        ? List.of(users, topologyMachine)
                                        : List.of(
                                                registry.machineFor(id), messaging.machineFor(id)));
        opened.set(groups);
        groups.start();
        registry.start();
        if (!groups.awaitReady(PATIENCE)) {
            throw new AssertionError("the raft groups were not ready");
        }
        access = AccessService.open(platform, groups.group(0), users);
        TopologyService topology = new TopologyService(groups.group(0), topologyMachine);
        topology.begin().get(60, TimeUnit.SECONDS);
        if (!messaging.start(groups::group, topology, topologyMachine::onChange, PATIENCE)) {
            throw new AssertionError("messaging did not start");
        }
        head =
                HttpHead.start(
                        WebServerConfig.plain("http", "127.0.0.1", 0),
                        new AdminServices(
                                registry,
                                registry.push(),
                                access,
                                () -> Map.of("node", "n"),
                                () -> true,
                                () -> "up 1\n",
                                platform.clock(),
                                loopback,
                                () -> alarm,
                                messaging,
                                definitions),
                        ConsoleFiles.at("some-page"),
                        new AccessAuthenticator(access, !loopback),
                        vertx);
        registry.opened();
    }

    int port() {
        return head.port();
    }

    String base() {
        return "http://127.0.0.1:" + port();
    }

    /// Makes the admin `root` and one user for each other role, named after it in lower case, with the same password.
    void users() throws Exception {
        put("/users/root", "{\"password\":\"" + ROOT_PASSWORD + "\"}");
        for (String role : List.of("OPERATOR", "VIEWER", "SERVICE")) {
            send(
                    "PUT",
                    "/users/" + role.toLowerCase(java.util.Locale.ROOT),
                    "{\"role\":\"%s\",\"password\":\"%s\"}".formatted(role, ROOT_PASSWORD),
                    root());
        }
    }

    static String[] root() {
        return as("root");
    }

    static String[] as(String user) {
        return basic(user, ROOT_PASSWORD);
    }

    static String[] basic(String user, String password) {
        String pair = user + ":" + password;
        return new String[] {
            "Authorization",
            "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8))
        };
    }

    Answer get(String path, String... headers) throws Exception {
        return send("GET", path, "", headers);
    }

    Answer put(String path, String body, String... headers) throws Exception {
        return send("PUT", path, body, headers);
    }

    Answer delete(String path, String... headers) throws Exception {
        return send("DELETE", path, "", headers);
    }

    /// @param path below `/api/v1`, or absolute if it begins with two slashes
    Answer send(String method, String path, String body, String... headers) throws Exception {
        String url = base() + (path.startsWith("//") ? path.substring(1) : "/api/v1" + path);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url))
                        .timeout(PATIENCE)
                        .method(method, BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
        boolean json = answer.body().startsWith("{");
        return new Answer(answer, MAPPER.readTree(json ? answer.body() : "{\"text\":\"\"}"));
    }

    /// The first line of the answer to a request as it stands, for headers that no client lets one write.
    String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            InputStream in = socket.getInputStream();
            StringBuilder line = new StringBuilder();
            for (int b = in.read(); b >= 0 && b != '\r'; b = in.read()) {
                line.append((char) b);
            }
            return line.toString();
        }
    }

    @Override
    public void close() throws Exception {
        head.close();
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        registry.close();
        messaging.close();
        groups.close();
        journal.close();
    }
}
