package io.mainstay.head.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

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
        var taken = call("DELETE", "queues/orders/messages", "").json().path("items");
        assertThat(taken.path(0).path("redelivered").booleanValue()).isTrue();
        assertThat(call("GET", "queues/orders/messages", "").json().toString())
                .isEqualTo("{\"items\":[]}");
        assertThat(call("DELETE", "queues/orders?ifEmpty=true", "").json().toString())
                .isEqualTo("{\"messages\":0}");
        assertThat(call("GET", "queues/orders", "").code()).isEqualTo("no-queue");
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
        assertThat(call("PUT", "permissions/ann?vhost=v1", "{\"read\":\".*\"}").status())
                .isEqualTo(200);
        assertThat(call("GET", "permissions", "").json().toString()).contains("\"ann\"");
        assertThat(call("DELETE", "permissions/ann?vhost=v1", "").status()).isEqualTo(200);
        assertThat(call("DELETE", "policies/p?vhost=v1", "").status()).isEqualTo(200);
        assertThat(call("DELETE", "vhosts/v1", "").status()).isEqualTo(200);
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
