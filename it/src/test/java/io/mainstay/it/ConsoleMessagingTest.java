package io.mainstay.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.ShutdownSignalException;

import io.mainstay.testkit.Conditions;
import io.mainstay.testkit.Http;
import io.mainstay.testkit.NodeProcess;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// The console's pages of messaging in a real browser: one node with users, and RabbitMQ's own Java client beside it. The browser is signed in
/// as an operator.
class ConsoleMessagingTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PASSWORD = "a long password";
    private static final String QUEUES = ".list tbody th";

    @TempDir static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static NodeProcess node;

    @SuppressWarnings("NullAway.Init")
    private static Browser browser;

    @SuppressWarnings("NullAway.Init")
    private Connection client;

    @SuppressWarnings("NullAway.Init")
    private Channel channel;

    @BeforeAll
    static void begin() throws Exception {
        browser = Browser.open();
        node = NodeProcess.start(folder);
        String users = node.httpUrl() + "/api/v1/users/";
        String body = "{\"password\":\"" + PASSWORD + "\"}";
        assertThat(Http.call("PUT", users + "root", body).status()).isEqualTo(201);
        browser.go(node.httpUrl());
        signIn("root");
        for (String role : List.of("OPERATOR", "VIEWER")) {
            // By the page's own session: the API takes it from this page only.
            browser.script(
                    "return fetch(arguments[0], {method: 'PUT', body: arguments[1]}).then((a) => a.status)",
                    users + role.toLowerCase(java.util.Locale.ROOT),
                    "{\"role\":\"%s\",\"password\":\"%s\"}".formatted(role, PASSWORD));
        }
        browser.click("Sign out");
        signIn("operator");
        browser.complaints();
    }

    private static void signIn(String user) {
        browser.awaitText("h1", "Sign in");
        browser.fill("user", user);
        browser.fill("password", PASSWORD);
        browser.click("Sign in");
        browser.awaitText("header .who", user);
    }

    @AfterAll
    static void end() {
        if (browser != null) {
            browser.close();
        }
        if (node != null) {
            node.close();
        }
    }

    @BeforeEach
    void connect() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setPort(node.amqpPort());
        factory.setUsername("root");
        factory.setPassword(PASSWORD);
        factory.setAutomaticRecoveryEnabled(false);
        client = factory.newConnection("<b>cart</b> \u202egnp");
        channel = client.createChannel();
        channel.confirmSelect();
    }

    @AfterEach
    void disconnect() {
        client.abort();
        assertThat(browser.complaints()).isEmpty();
    }

    private void queue(String name, Map<String, Object> arguments) throws Exception {
        channel.queueDeclare(name, true, false, false, arguments);
    }

    private void publish(String queue, int messages) throws Exception {
        for (int i = 0; i < messages; i++) {
            channel.basicPublish(
                    "",
                    queue,
                    MessageProperties.PERSISTENT_TEXT_PLAIN,
                    ("m" + i).getBytes(StandardCharsets.UTF_8));
        }
        channel.waitForConfirms();
    }

    private static void open(String page, String... names) {
        StringBuilder hash = new StringBuilder("#/" + page);
        for (String name : names) {
            hash.append('/')
                    .append(URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20"));
        }
        browser.script("location.hash = arguments[0]", hash.toString());
    }

    @Test
    void namesAndPayloadsOfClientsAreTextThatHidesNothing() throws Exception {
        String markup = "<img src=x onerror=harmed=1>";
        String turned = "invoice\u202efdp.exe";
        String longest = "q".repeat(255);
        channel.exchangeDeclare("events", BuiltinExchangeType.TOPIC);
        for (String name : List.of(markup, turned, longest)) {
            queue(name, Map.of());
            channel.queueBind(name, "events", name);
        }
        channel.basicPublish(
                "",
                markup,
                MessageProperties.TEXT_PLAIN
                        .builder()
                        .headers(Map.of("<i>", "</table><script>harmed=1</script>\u202e"))
                        .build(),
                "<script>harmed=1</script>\u202eend".getBytes(StandardCharsets.UTF_8));
        channel.waitForConfirms();

        open("queues");
        browser.awaitText(QUEUES, markup);
        browser.awaitText(QUEUES, "invoiceU+202Efdp.exe");
        browser.awaitText(QUEUES, "(255 characters)");
        browser.width(800);
        assertThat(
                        browser.script(
                                "return document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
                .isEqualTo(true);
        browser.width(1440);

        browser.click(markup);
        browser.awaitText("h1", markup);
        browser.click("Look");
        browser.awaitText(".messages tbody th", "<script>harmed=1</script>U+202Eend");
        browser.click("<script>harmed=1</script>U+202Eend");
        browser.awaitText(".fields th", "<i>");
        browser.awaitText(".fields td", "</table><script>harmed=1</script>U+202E");

        open("exchanges", "/", "events");
        Conditions.await(
                "the queue in the picture",
                PATIENCE,
                () ->
                        String.valueOf(
                                        browser.script(
                                                "return document.querySelector('.picture')?.textContent"))
                                .contains("invoice\u2039U+202E\u203afdp"));
        open("connections");
        browser.awaitText("tbody th", "<b>cart</b> U+202Egnp");
        browser.click("<b>cart</b> U+202Egnp");
        browser.awaitText("h1", "<b>cart</b>");
        browser.awaitText(".fields td", "<b>cart</b> U+202Egnp");

        assertThat(
                        browser.script(
                                "return document.querySelectorAll('#page img, #page b, #page i, #page script').length"))
                .isEqualTo(0L);
        assertThat(browser.script("return typeof harmed")).isEqualTo("undefined");
    }

    @Test
    void depthAndRatesAreLiveAndTheListIsSearchedAndSorted() throws Exception {
        queue("depth", Map.of());
        queue("another-depth", Map.of());
        open("queues");
        browser.awaitText(QUEUES, "another-depth");
        publish("depth", 7);
        browser.awaitText(".list tbody tr", "depth\tclassic\t7\t");
        browser.click("Ready");
        Conditions.await(
                "the fullest queue first",
                PATIENCE,
                () -> browser.texts(QUEUES).getFirst().startsWith("depth"));

        browser.click("depth");
        browser.awaitText(".tiles > div", "Ready\n7");
        browser.awaitText(".plot .figure", "7");
        publish("depth", 5);
        browser.awaitText(".tiles > div", "Ready\n12");
        browser.awaitText(".plot:first-child .figure", "12");
        assertThat(browser.script("return document.querySelectorAll('.plot canvas').length"))
                .isEqualTo(4L);

        open("queues");
        browser.awaitText(QUEUES, "depth");
        browser.type("/");
        browser.type("another");
        Conditions.await(
                "the one that was searched for",
                PATIENCE,
                () -> browser.texts(QUEUES).equals(List.of("another-depth")));
    }

    @Test
    void deadLettersAreLookedAtAndMovedBack() throws Exception {
        queue("orders", Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "dead"));
        queue("dead", Map.of());
        publish("orders", 3);
        for (int i = 0; i < 3; i++) {
            channel.basicReject(
                    channel.basicGet("orders", false).getEnvelope().getDeliveryTag(), false);
        }
        open("queues", "/", "dead");
        browser.awaitText(".tiles > div", "Ready\n3");
        browser.click("Look");
        browser.awaitText(".messages .tag", "dead letter");
        browser.click("m0");
        browser.awaitText(".fields th", "x-first-death-queue");

        browser.click("Move messages\u2026");
        Conditions.await(
                "the queue where it died",
                PATIENCE,
                () ->
                        "orders"
                                .equals(
                                        browser.script(
                                                "return document.querySelector('[name=target]')?.value")));
        browser.click("Move");
        browser.awaitText("[role=status]", "3 messages moved");
        browser.awaitText(".tiles > div", "Ready\n0");
        assertThat(new String(channel.basicGet("orders", true).getBody(), StandardCharsets.UTF_8))
                .isEqualTo("m0");
        assertThat(channel.messageCount("orders")).isEqualTo(2);
    }

    @Test
    void messagesArePublishedAndQueuesPurgedAndDeleted() throws Exception {
        queue("by-hand", Map.of());
        open("queues", "/", "by-hand");
        browser.awaitText("h1", "by-hand");
        browser.click("Publish\u2026");
        browser.fill("payload", "hello");
        browser.fill("headers", "n=1");
        browser.click("Publish");
        browser.awaitText("[role=status]", "Published to 1 queue.");
        var got = channel.basicGet("by-hand", false);
        assertThat(new String(got.getBody(), StandardCharsets.UTF_8)).isEqualTo("hello");
        assertThat(got.getProps().getHeaders()).containsEntry("n", 1L);
        channel.basicAck(got.getEnvelope().getDeliveryTag(), false);

        publish("by-hand", 4);
        browser.awaitText(".tiles > div", "Ready\n4");
        browser.click("Purge\u2026");
        browser.awaitText("dialog", "4 ready messages");
        browser.click("Purge");
        browser.awaitText("[role=status]", "4 messages dropped.");

        browser.click("Delete\u2026");
        browser.click("Cancel");
        assertThat(channel.messageCount("by-hand")).isZero();
        browser.click("Delete\u2026");
        browser.click("Delete");
        browser.awaitText("h1", "Queues");
        browser.awaitNoText(QUEUES, "by-hand");
    }

    @Test
    void channelsAndConnectionsAreClosed() throws Exception {
        queue("consumed", Map.of());
        Channel consuming = client.createChannel();
        consuming.basicQos(3);
        consuming.basicConsume("consumed", false, "the-tag", new DefaultConsumer(consuming));
        publish("consumed", 5);
        open("queues", "/", "consumed");
        browser.awaitText(".consumers tbody tr", "the-tag");
        browser.awaitText(".consumers tbody tr", "3\t3");

        browser.click("<b>cart</b> U+202Egnp");
        browser.awaitText(".channels tbody tr", "the-tag");
        browser.script("document.querySelector('[aria-label=\"Close channel 2\"]').click()");
        browser.click("Close");
        Conditions.await("the channel's end", PATIENCE, () -> !consuming.isOpen());
        assertThat(channel.isOpen()).isTrue();
        ShutdownSignalException why = consuming.getCloseReason();
        assertThat(String.valueOf(why.getMessage())).contains("406", "through the console");

        browser.awaitNoText(".channels tbody tr", "the-tag");
        browser.click("Close connection\u2026");
        browser.click("Close");
        Conditions.await("the connection's end", PATIENCE, () -> !client.isOpen());
        browser.awaitText(".notice", "This connection is closed.");
        assertThat(org.assertj.core.api.Assertions.catchThrowable(channel::basicRecover))
                .isInstanceOf(AlreadyClosedException.class)
                .hasMessageContaining("320");
        // The page asked for a connection that was gone by then.
        assertThat(browser.complaints()).allMatch(line -> line.contains(" 404 "));
    }

    @Test
    void readersOfAStreamAreShownWithTheirPlace() throws Exception {
        queue("history", Map.of("x-queue-type", "stream"));
        publish("history", 12);
        Channel reading = client.createChannel();
        reading.basicQos(5);
        reading.basicConsume(
                "history",
                false,
                "reader",
                false,
                false,
                Map.of("x-stream-offset", 2),
                new DefaultConsumer(reading));
        open("queues", "/", "history");
        browser.awaitText(".tiles > div", "Next offset\n12");
        browser.awaitText(".consumers tbody tr", "5\t5\t7\t5");
        Object shown =
                browser.script(
                        "return fetch(arguments[0]).then((a) => a.text())",
                        node.httpUrl() + "/api/v1/messaging/consumers?queue=history");
        assertThat(String.valueOf(shown)).contains("\"nextOffset\":7,\"lag\":5");
        String stock =
                Http.call(
                                "GET",
                                "http://127.0.0.1:" + node.managementPort() + "/api/consumers",
                                "",
                                "application/json",
                                "Authorization",
                                "Basic "
                                        + Base64.getEncoder()
                                                .encodeToString(
                                                        ("root:" + PASSWORD)
                                                                .getBytes(StandardCharsets.UTF_8)))
                        .body();
        assertThat(stock).contains("\"offset\":7,\"offset_lag\":5");
        reading.basicAck(5, true);
        browser.awaitText(".consumers tbody tr", "5\t5\t12\t0");
    }

    @Test
    void duplicatesThatAQueueDidNotTakeAreCounted() throws Exception {
        queue("numbered", Map.of());
        for (int i = 0; i < 2; i++) {
            channel.basicPublish(
                    "",
                    "numbered",
                    MessageProperties.BASIC
                            .builder()
                            .headers(
                                    Map.of(
                                            "x-deduplication-publisher",
                                            "shop",
                                            "x-deduplication-sequence",
                                            1L))
                            .build(),
                    new byte[1]);
        }
        channel.waitForConfirms();
        open("queues", "/", "numbered");
        browser.awaitText(".tiles > div", "Ready\n1");
        browser.awaitText(".tiles > div", "Duplicates\n1");
    }

    @Test
    void aViewerIsOfferedNothingToChangeAndSeesNoMessages() throws Exception {
        queue("seen", Map.of());
        publish("seen", 2);
        browser.click("Sign out");
        signIn("viewer");
        open("queues", "/", "seen");
        browser.awaitText(".tiles > div", "Ready\n2");
        assertThat(browser.texts("main button")).isEmpty();
        assertThat(browser.texts(".messages")).isEmpty();
        open("connections");
        browser.click("<b>cart</b> U+202Egnp");
        browser.awaitText("h1", "<b>cart</b>");
        assertThat(browser.texts("main button")).isEmpty();

        browser.click("Sign out");
        signIn("operator");
        // The form's first look was refused, as it should.
        assertThat(browser.complaints()).allMatch(line -> line.contains(" 401 "));
    }
}
