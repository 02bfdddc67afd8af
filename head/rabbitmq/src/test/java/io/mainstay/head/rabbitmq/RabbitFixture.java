package io.mainstay.head.rabbitmq;

import io.mainstay.access.service.AccessService;
import io.mainstay.access.state.AccessMachine;
import io.mainstay.head.rabbitmq.NodeFacts.Listener;
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
import io.vertx.core.Vertx;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

import java.io.IOException;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The management API over real users, topology and queues on a real disk, on free ports of loopback.
final class RabbitFixture implements AutoCloseable {

    static final String GUEST = "guest:guest";
    static final String NODE = "rabbit@here";

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final AccessService access;
    final MessagingService messaging;
    volatile boolean diskAlarm;

    /// Why publishers are held back.
    volatile String alarm = "";

    private final Vertx vertx = EventLoops.start(1);
    private final HttpClient client = HttpClient.newHttpClient();
    private final SegmentedJournal journal;
    private final RaftGroups groups;
    private final RabbitHead head;
    private final RabbitMetricsHead metricsHead;

    /// @param json of the body; missing if it is none
    record Answer(HttpResponse<String> http, JsonNode json) {
        int status() {
            return http.statusCode();
        }

        String header(String name) {
            return http.headers().firstValue(name).orElse("");
        }

        String error() {
            return json.path("error").asString("");
        }

        String reason() {
            return json.path("reason").asString("");
        }
    }

    RabbitFixture(Path directory) throws Exception {
        Platform platform = RealPlatform.at(directory);
        journal = SegmentedJournal.open(new JournalConfig(4 << 20, 0), platform);
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
                                        : List.of(messaging.machineFor(id)));
        groups.start();
        if (!groups.awaitReady(PATIENCE)) {
            throw new AssertionError("the raft groups were not ready");
        }
        access = AccessService.open(platform, groups.group(0), users);
        TopologyService topology = new TopologyService(groups.group(0), topologyMachine);
        topology.begin().get(60, TimeUnit.SECONDS);
        if (!messaging.start(groups::group, topology, topologyMachine::onChange, PATIENCE)) {
            throw new AssertionError("messaging did not start");
        }
        RabbitHeadConfig config =
                new RabbitHeadConfig(
                        WebServerConfig.plain("rabbitmq", "127.0.0.1", 0),
                        true,
                        NODE,
                        "shop",
                        "3.13.7",
                        "0.1.0",
                        1 << 20,
                        () -> alarm,
                        this::facts);
        AccessAuthenticator authenticator = new AccessAuthenticator(access, false);
        head =
                RabbitHead.start(
                        config,
                        messaging,
                        access,
                        authenticator,
                        () -> "http://127.0.0.1:8700/",
                        platform.clock(),
                        vertx);
        metricsHead =
                RabbitMetricsHead.start(
                        WebServerConfig.plain("rabbitmq-metrics", "127.0.0.1", 0),
                        config,
                        messaging,
                        authenticator,
                        vertx);
    }

    /// The raft group of all queues is out of service from now on.
    void takeQueuesDown() throws InterruptedException {
        CountDownLatch down = new CountDownLatch(1);
        groups.group(1)
                .execute(
                        () -> {
                            messaging.dispatcher(1).lost();
                            down.countDown();
                        },
                        () -> {});
        if (!down.await(20, TimeUnit.SECONDS)) {
            throw new AssertionError("the raft group does not go on");
        }
    }

    private NodeFacts facts() {
        return new NodeFacts(
                1,
                100,
                1000,
                false,
                5000,
                50,
                diskAlarm,
                true,
                List.of(
                        new Listener("amqp", "127.0.0.1", 5672),
                        new Listener("http", "127.0.0.1", 15672)));
    }

    String url() {
        return "http://127.0.0.1:" + head.port();
    }

    String metricsUrl() {
        return "http://127.0.0.1:" + metricsHead.port() + "/metrics";
    }

    /// As guest.
    Answer get(String path) throws Exception {
        return call(GUEST, "GET", path, null);
    }

    Answer put(String path, String body) throws Exception {
        return call(GUEST, "PUT", path, body);
    }

    Answer post(String path, String body) throws Exception {
        return call(GUEST, "POST", path, body);
    }

    Answer delete(String path) throws Exception {
        return call(GUEST, "DELETE", path, null);
    }

    /// @param credentials name and password with a colon between, `null`: none
    /// @param path from `/api` on, or a whole URL
    Answer call(@Nullable String credentials, String method, String path, @Nullable String body)
            throws Exception {
        return call(credentials, method, path, body, Map.of());
    }

    Answer call(
            @Nullable String credentials,
            String method,
            String path,
            @Nullable String body,
            Map<String, String> headers)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder()
                        .uri(URI.create(path.startsWith("http") ? path : url() + path))
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body));
        headers.forEach(request::header);
        if (credentials != null) {
            request.header(
                    "Authorization",
                    "Basic "
                            + Base64.getEncoder()
                                    .encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
        }
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
        JsonNode json;
        try {
            json = MAPPER.readTree(response.body());
        } catch (JacksonException notJson) {
            json = MissingNode.getInstance();
        }
        return new Answer(response, json);
    }

    static String resource(String name) throws IOException {
        try (var in = RabbitFixture.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("no resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() throws Exception {
        metricsHead.close();
        head.close();
        messaging.close();
        groups.close();
        journal.close();
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
