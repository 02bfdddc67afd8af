package io.mainstay.head.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class MessagingCallsTest {

    @TempDir Path directory;
    private AdminFixture api;

    @BeforeEach
    void open() throws Exception {
        api = new AdminFixture(directory);
    }

    @AfterEach
    void close() throws Exception {
        api.close();
    }

    private AdminFixture.Answer call(String method, String path, String body) throws Exception {
        return api.send(method, "/messaging/" + path, body);
    }

    @Test
    void whatIsPublishedIsShownAndStaysUntilItIsTaken() throws Exception {
        assertThat(call("PUT", "queues/orders", "{\"arguments\":{\"x-max-length\":10}}").status())
                .isEqualTo(200);
        call("PUT", "exchanges/events", "{\"type\":\"topic\"}");
        call(
                "POST",
                "bindings",
                "{\"source\":\"events\",\"destination\":\"orders\",\"routingKey\":\"a.#\"}");
        assertThat(
                        call(
                                        "POST",
                                        "publish",
                                        "{\"exchange\":\"events\",\"routingKey\":\"a.b\",\"payload\":\"hello\",\"contentType\":\"text/plain\",\"headers\":{\"n\":1}}")
                                .json()
                                .toString())
                .isEqualTo("{\"queues\":1}");
        assertThat(
                        call("POST", "publish", "{\"exchange\":\"events\",\"routingKey\":\"x\"}")
                                .json()
                                .toString())
                .isEqualTo("{\"queues\":0}");
        var seen = call("GET", "queues/orders/messages?count=5", "").json().path("items");
        assertThat(seen.size()).isEqualTo(1);
        assertThat(seen.path(0).path("payload").stringValue()).isEqualTo("hello");
        assertThat(seen.path(0).path("contentType").stringValue()).isEqualTo("text/plain");
        assertThat(seen.path(0).path("headers").toString()).isEqualTo("{\"n\":1}");
        assertThat(seen.path(0).path("truncated").booleanValue()).isFalse();
        var taken = call("DELETE", "queues/orders/messages", "").json().path("items");
        assertThat(taken.path(0).path("redelivered").booleanValue()).isFalse();
        assertThat(call("GET", "queues/orders/messages", "").json().toString())
                .isEqualTo("{\"items\":[]}");
        assertThat(call("DELETE", "queues/orders?ifEmpty=true", "").json().toString())
                .isEqualTo("{\"messages\":0}");
        assertThat(call("GET", "queues/orders", "").code()).isEqualTo("no-queue");
    }

    @Test
    void whatItsPublisherSendsTwiceIsTakenOnce() throws Exception {
        call("PUT", "queues/orders", "");
        String numbered =
                "{\"routingKey\":\"orders\",\"payload\":\"one\",\"headers\":{\"x-deduplication-publisher\":\"p\",\"x-deduplication-sequence\":%s}}";
        for (int i = 0; i < 2; i++) {
            assertThat(call("POST", "publish", numbered.formatted("1")).status()).isEqualTo(200);
        }
        assertThat(call("POST", "publish", numbered.formatted("-1")).status()).isEqualTo(400);
        var seen = call("GET", "queues/orders/messages?count=5", "").json().path("items");
        assertThat(seen.size()).isEqualTo(1);
        assertThat(seen.path(0).path("headers").toString()).isEqualTo("{}");
    }

    @Test
    void whileAnAlarmRingsNothingIsPublished() throws Exception {
        call("PUT", "queues/orders", "");
        api.alarm = "low on memory";
        var refused = call("POST", "publish", "{\"routingKey\":\"orders\"}");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.code()).isEqualTo("BLOCKED");
        assertThat(refused.json().toString()).contains("publishers are blocked: low on memory");
        api.alarm = "";
        assertThat(call("POST", "publish", "{\"routingKey\":\"orders\"}").status()).isEqualTo(200);
    }

    @Test
    void limitsArePutShownAndTakenAway() throws Exception {
        assertThat(call("PUT", "vhost-limits/%2F/max-queues", "{\"most\":1}").json().toString())
                .isEqualTo("{\"changed\":true}");
        assertThat(call("GET", "vhost-limits", "").json().toString())
                .isEqualTo("{\"items\":[{\"vhost\":\"/\",\"limit\":\"max-queues\",\"most\":1}]}");
        assertThat(call("PUT", "queues/first", "").status()).isEqualTo(200);
        assertThat(call("PUT", "queues/second", "").status()).isEqualTo(409);
        assertThat(call("DELETE", "vhost-limits/%2F/max-queues", "").status()).isEqualTo(200);
        assertThat(call("PUT", "queues/second", "").status()).isEqualTo(200);
        assertThat(call("DELETE", "vhost-limits/%2F/max-queues", "").json().toString())
                .contains("virtual host / has no limit max-queues");

        assertThat(call("PUT", "user-limits/guest/max-channels", "{\"most\":3}").status())
                .isEqualTo(200);
        assertThat(call("GET", "user-limits", "").json().toString())
                .isEqualTo(
                        "{\"items\":[{\"user\":\"guest\",\"limit\":\"max-channels\",\"most\":3}]}");
        assertThat(call("DELETE", "user-limits/guest/max-channels", "").status()).isEqualTo(200);
        assertThat(call("GET", "user-limits", "").json().toString()).isEqualTo("{\"items\":[]}");

        assertThat(call("PUT", "vhost-limits/none/max-queues", "{\"most\":1}").status())
                .isEqualTo(404);
        assertThat(call("PUT", "user-limits/nobody/max-channels", "{\"most\":1}").code())
                .isEqualTo("no-user");
        assertThat(call("PUT", "vhost-limits/%2F/max-channels", "{\"most\":1}").json().toString())
                .contains("max-connections, max-queues");
        assertThat(call("PUT", "user-limits/guest/max-channels", "{\"most\":-1}").status())
                .isEqualTo(400);
        assertThat(call("PUT", "user-limits/guest/max-channels", "{}").status()).isEqualTo(400);
    }

    @Test
    void permissionsAreForUsersWhoAreThere() throws Exception {
        assertThat(call("PUT", "permissions/guest", "{\"read\":\".*\"}").status()).isEqualTo(200);
        AdminFixture.Answer refused = call("PUT", "permissions/nobody", "{\"read\":\".*\"}");
        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.code()).isEqualTo("no-user");
        assertThat(call("PUT", "permissions/guest?vhost=none", "{}").status()).isEqualTo(404);
        assertThat(call("DELETE", "permissions/guest", "").status()).isEqualTo(200);
    }

    @Test
    void queuesAreKeptIfTheyShallBeEmptyAndPurged() throws Exception {
        call("PUT", "queues/q", "");
        call(
                "POST",
                "publish",
                "{\"routingKey\":\"q\",\"payload\":\"aGk=\",\"encoding\":\"base64\"}");
        assertThat(call("DELETE", "queues/q?ifEmpty=true", "").status()).isEqualTo(409);
        assertThat(call("POST", "queues/q/purge", "").json().toString())
                .isEqualTo("{\"messages\":1}");
        assertThat(call("PUT", "queues/q", "{\"durable\":false}").code())
                .isEqualTo("PRECONDITION_FAILED");
        assertThat(call("GET", "queues/q/messages?count=0", "").code()).isEqualTo("count");
        assertThat(call("PUT", "queues/q", "{\"durabel\":true}").code()).isEqualTo("field");
    }

    private void publish(String queue, String payload) throws Exception {
        var answer =
                call(
                        "POST",
                        "publish",
                        "{\"routingKey\":\"%s\",\"payload\":\"%s\"}".formatted(queue, payload));
        assertThat(answer.json().toString()).isEqualTo("{\"queues\":1}");
    }

    private List<String> payloads(String queue) throws Exception {
        List<String> payloads = new ArrayList<>();
        call("GET", "queues/" + queue + "/messages?count=100", "")
                .json()
                .path("items")
                .forEach(item -> payloads.add(item.path("payload").stringValue()));
        return payloads;
    }

    @Test
    void aLookTakesNothingAndMarksNothing() throws Exception {
        call("PUT", "queues/q", "{\"arguments\":{\"x-queue-type\":\"quorum\"}}");
        for (int i = 0; i < 3; i++) {
            publish("q", "m" + i);
        }
        publish("q", "\u00fc".repeat(600));
        for (int look = 0; look < 30; look++) {
            var first = call("GET", "queues/q/messages", "").json().path("items").path(0);
            assertThat(first.path("payload").stringValue()).isEqualTo("m0");
            assertThat(first.path("redelivered").booleanValue()).isFalse();
            assertThat(first.path("returns").intValue()).isZero();
        }
        assertThat(payloads("q")).startsWith("m0", "m1", "m2").hasSize(4);
        var cut = call("GET", "queues/q/messages?count=4&bodyBytes=7", "").json().path("items");
        assertThat(cut.path(3).path("payload").stringValue()).isEqualTo("\u00fc\u00fc\u00fc");
        assertThat(cut.path(3).path("truncated").booleanValue()).isTrue();
        assertThat(cut.path(3).path("bytes").intValue()).isEqualTo(1_200);
        var queue = call("GET", "queues/q", "").json();
        assertThat(queue.path("delivered").intValue()).isZero();
        assertThat(queue.path("ready").intValue()).isEqualTo(4);
        assertThat(call("GET", "queues/q/messages?count=101", "").message())
                .isEqualTo("count is '101'");
    }

    @Test
    void messagesMoveInOrderAndNoMoreThanWereThere() throws Exception {
        call("PUT", "queues/dead", "");
        call("PUT", "queues/orders", "");
        for (int i = 0; i < 7; i++) {
            publish("dead", "m" + i);
        }
        assertThat(
                        call("POST", "queues/dead/move", "{\"target\":\"orders\",\"limit\":3}")
                                .json()
                                .toString())
                .isEqualTo("{\"moved\":3,\"ready\":7,\"stopped\":\"\"}");
        assertThat(payloads("orders")).containsExactly("m0", "m1", "m2");
        assertThat(call("POST", "queues/dead/move", "{\"target\":\"orders\"}").json().toString())
                .isEqualTo("{\"moved\":4,\"ready\":4,\"stopped\":\"\"}");
        assertThat(payloads("orders")).containsExactly("m0", "m1", "m2", "m3", "m4", "m5", "m6");
        assertThat(payloads("dead")).isEmpty();

        assertThat(call("POST", "queues/dead/move", "{\"target\":\"dead\"}").code())
                .isEqualTo("target");
        assertThat(call("POST", "queues/dead/move", "{\"target\":\"none\"}").code())
                .isEqualTo("no-queue");
        assertThat(call("POST", "queues/none/move", "{\"target\":\"dead\"}").code())
                .isEqualTo("no-queue");
    }

    /// Its body lies in pieces, and is put together for a look as for a move.
    @Test
    void aLargeMessageIsLookedAtAndMovedWhole() throws Exception {
        call("PUT", "queues/dead", "");
        call("PUT", "queues/orders", "");
        String body = "0123456789".repeat(100_000);
        publish("dead", body);
        assertThat(payloads("dead")).containsExactly(body);
        assertThat(
                        call("POST", "queues/dead/move", "{\"target\":\"orders\"}")
                                .json()
                                .path("moved")
                                .intValue())
                .isEqualTo(1);
        assertThat(payloads("orders")).containsExactly(body);
    }

    /// Among them where a dead letter died, so that it is counted when it dies again.
    @Test
    void aMovedMessageKeepsItsNamesAndProperties() throws Exception {
        call("PUT", "queues/dead", "");
        call("PUT", "queues/orders", "");
        call("PUT", "exchanges/events", "{\"type\":\"fanout\"}");
        call("POST", "bindings", "{\"source\":\"events\",\"destination\":\"dead\"}");
        call(
                "POST",
                "publish",
                "{\"exchange\":\"events\",\"routingKey\":\"a.b\",\"payload\":\"x\",\"messageId\":\"m\",\"priority\":3,\"ttlMs\":3600000,\"headers\":{\"x-death\":[{\"count\":1,\"queue\":\"orders\"}]}}");
        var before = call("GET", "queues/dead/messages", "").json().path("items").path(0);
        call("POST", "queues/dead/move", "{\"target\":\"orders\"}");
        var after = call("GET", "queues/orders/messages", "").json().path("items").path(0);
        assertThat(after).isEqualTo(before);
        assertThat(after.path("expiration").stringValue()).isEqualTo("3600000");
    }

    @Test
    void whatTheTargetRefusesStays() throws Exception {
        call("PUT", "queues/dead", "");
        call(
                "PUT",
                "queues/small",
                "{\"arguments\":{\"x-max-length\":2,\"x-overflow\":\"reject-publish\"}}");
        for (int i = 0; i < 5; i++) {
            publish("dead", "m" + i);
        }
        var answer = call("POST", "queues/dead/move", "{\"target\":\"small\"}").json();
        assertThat(answer.path("moved").intValue()).isEqualTo(2);
        assertThat(answer.path("stopped").stringValue()).contains("full");
        assertThat(payloads("small")).containsExactly("m0", "m1");
        assertThat(payloads("dead")).containsExactly("m2", "m3", "m4");
    }

    @Test
    void listsComeInPagesAndInOrder() throws Exception {
        for (String name : List.of("a1", "a2", "A3", "b")) {
            call("PUT", "queues/" + name, "");
        }
        publish("a2", "x");
        var page = call("GET", "queues?page=1&pageSize=2&name=a", "").json();
        assertThat(page.path("total").intValue()).isEqualTo(4);
        assertThat(page.path("found").intValue()).isEqualTo(3);
        assertThat(page.path("pages").intValue()).isEqualTo(2);
        assertThat(page.path("items").path(0).path("name").stringValue()).isEqualTo("A3");
        page = call("GET", "queues?page=9&pageSize=2&name=a", "").json();
        assertThat(page.path("page").intValue()).isEqualTo(2);
        assertThat(page.path("items").path(0).path("name").stringValue()).isEqualTo("a2");
        page = call("GET", "queues?page=1&pageSize=1&sort=ready&reverse=true", "").json();
        assertThat(page.path("items").path(0).path("name").stringValue()).isEqualTo("a2");
        assertThat(page.path("items").path(0).path("publishRate").isNumber()).isTrue();
        assertThat(call("GET", "queues?sort=size", "").message()).isEqualTo("sort is 'size'");
        assertThat(call("GET", "queues", "").json().propertyNames()).containsExactly("items");
    }

    @Test
    void oneQueueAndOneExchangeTellTheirSettingsAndBindings() throws Exception {
        call(
                "PUT",
                "queues/q",
                "{\"arguments\":{\"x-max-length\":9,\"x-dead-letter-exchange\":\"\"}}");
        call("PUT", "exchanges/e", "{\"type\":\"topic\"}");
        call("POST", "bindings", "{\"source\":\"e\",\"destination\":\"q\",\"routingKey\":\"#\"}");
        assertThat(call("GET", "queues/q", "").json().path("settings").toString())
                .isEqualTo(
                        "{\"maxLength\":9,\"overflow\":\"drop-head\",\"deadLetterExchange\":\"\"}");
        var exchange = call("GET", "exchanges/e", "").json();
        assertThat(exchange.path("type").stringValue()).isEqualTo("topic");
        assertThat(exchange.path("bindingsFrom").intValue()).isEqualTo(1);
        assertThat(call("GET", "exchanges/none", "").code()).isEqualTo("no-exchange");
        assertThat(call("GET", "bindings?destination=q", "").json().path("items").size())
                .isEqualTo(1);
        assertThat(call("GET", "bindings?source=e", "").json().path("items").size()).isEqualTo(1);
        assertThat(
                        call("GET", "bindings?destination=q&toExchange=true", "")
                                .json()
                                .path("items")
                                .size())
                .isZero();
    }

    @Test
    void connectionsAndChannelsAreShownAndClosed() throws Exception {
        OneConnection connection = new OneConnection();
        api.messaging.clients().opened(connection);
        var listed = call("GET", "connections?name=CART", "").json().path("items");
        assertThat(listed.path(0).path("client").stringValue()).isEqualTo("cart <b>1</b>");
        assertThat(call("GET", "connections?vhost=other", "").json().path("items").size()).isZero();
        var shown = call("GET", "connections/n.1", "").json();
        var channel = shown.path("channelItems").path(0);
        assertThat(channel.path("unacked").intValue()).isEqualTo(3);
        assertThat(channel.path("consumerItems").path(0).path("queue").stringValue())
                .isEqualTo("q");
        assertThat(call("GET", "channels?sort=unacked", "").json().path("items").size())
                .isEqualTo(1);
        assertThat(call("GET", "consumers?queue=q", "").json().path("items").size()).isEqualTo(1);
        assertThat(call("GET", "consumers?queue=r", "").json().path("items").size()).isZero();

        assertThat(call("DELETE", "connections/n.1/channels/7?reason=stuck", "").status())
                .isEqualTo(200);
        assertThat(connection.closed).containsExactly("7 stuck");
        assertThat(call("DELETE", "connections/n.1/channels/8", "").code()).isEqualTo("no-channel");
        assertThat(call("DELETE", "connections/n.1", "").status()).isEqualTo(200);
        assertThat(connection.closed).last().isEqualTo("closed through the admin API");
        assertThat(call("DELETE", "connections/n.2", "").code()).isEqualTo("no-connection");
    }

    @Test
    void aViewerSeesFiguresAndNeitherMessagesNorChanges() throws Exception {
        call("PUT", "queues/q", "");
        api.users();
        for (String path : List.of("queues", "queues/q", "connections", "channels", "consumers")) {
            assertThat(api.get("/messaging/" + path, AdminFixture.as("viewer")).status())
                    .as(path)
                    .isEqualTo(200);
        }
        assertThat(api.get("/messaging/queues/q/messages", AdminFixture.as("viewer")).code())
                .isEqualTo("role");
        for (String path : List.of("connections/n.1", "connections/n.1/channels/1", "queues/q")) {
            assertThat(api.delete("/messaging/" + path, AdminFixture.as("viewer")).code())
                    .as(path)
                    .isEqualTo("role");
        }
        assertThat(
                        api.send(
                                        "POST",
                                        "/messaging/queues/q/move",
                                        "{\"target\":\"r\"}",
                                        AdminFixture.as("viewer"))
                                .code())
                .isEqualTo("role");
    }

    @Test
    void virtualHostsPoliciesAndPermissionsComeAndGo() throws Exception {
        assertThat(call("PUT", "vhosts/v1", "{\"description\":\"d\"}").json().toString())
                .isEqualTo("{\"changed\":true}");
        assertThat(
                        call(
                                        "PUT",
                                        "policies/p?vhost=v1",
                                        "{\"pattern\":\"^q\",\"applyTo\":\"queues\",\"definition\":{\"max-length\":5}}")
                                .status())
                .isEqualTo(200);
        assertThat(call("GET", "policies?vhost=v1", "").json().path("items").size()).isEqualTo(1);
        assertThat(call("PUT", "permissions/guest?vhost=v1", "{\"read\":\".*\"}").status())
                .isEqualTo(200);
        assertThat(call("GET", "permissions", "").json().toString()).contains("\"guest\"");
        assertThat(call("DELETE", "permissions/guest?vhost=v1", "").status()).isEqualTo(200);
        assertThat(call("DELETE", "permissions/guest?vhost=v1", "").status()).isEqualTo(404);
        assertThat(call("DELETE", "policies/p?vhost=v1", "").status()).isEqualTo(200);
        assertThat(call("DELETE", "policies/p?vhost=v1", "").status()).isEqualTo(404);
        assertThat(call("DELETE", "vhosts/v1", "").status()).isEqualTo(200);
        assertThat(call("DELETE", "vhosts/v1", "").status()).isEqualTo(404);
        assertThat(call("DELETE", "exchanges/nothing", "").status()).isEqualTo(404);
        assertThat(call("GET", "queues?vhost=v1", "").code()).isEqualTo("no-vhost");
    }

    @Test
    void definitionsAreAnAdminsAndGoThereAndBack() throws Exception {
        assertThat(call("GET", "definitions", "").json().toString()).isEqualTo("{\"users\":[]}");
        assertThat(call("POST", "definitions", "{\"queues\":[]}").json().toString())
                .isEqualTo("{\"items\":3,\"leftOut\":[\"a limit\"],\"refused\":[]}");
        assertThat(api.definitions.loaded).isEqualTo("{\"queues\":[]}");
        assertThat(api.definitions.user).isEqualTo("anonymous");
        assertThat(call("POST", "definitions", "").message()).isEqualTo("it is empty");
    }
}
