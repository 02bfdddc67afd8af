package io.mainstay.head.eureka;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.head.web.Authenticator;
import io.mainstay.head.web.Gzip;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Shapes, codes and dialects, byte for byte as Netflix's server has them.
class EurekaHeadTest {

    static final String ORDERS =
            """
            {"instance":{"instanceId":"orders:1","hostName":"h1","app":"orders","ipAddr":"10.0.0.1",\
            "status":"UP","overriddenstatus":"UNKNOWN","port":{"$":8080,"@enabled":"true"},\
            "securePort":{"$":443,"@enabled":"false"},"countryId":1,\
            "dataCenterInfo":{"@class":"com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo","name":"MyOwn"},\
            "leaseInfo":{"renewalIntervalInSecs":1,"durationInSecs":3,"registrationTimestamp":0},\
            "metadata":{"zone":"a","k":"<&>"},"homePageUrl":"http://h1/","vipAddress":"orders,o2",\
            "secureVipAddress":"orders-s","isCoordinatingDiscoveryServer":"false",\
            "lastUpdatedTimestamp":"5","lastDirtyTimestamp":"7","actionType":"ADDED"}}""";

    private static final String INSTANCE_JSON =
            """
            {"instanceId":"orders:1","hostName":"h1","app":"ORDERS","ipAddr":"10.0.0.1","status":"UP",\
            "overriddenStatus":"UNKNOWN","port":{"$":8080,"@enabled":"true"},\
            "securePort":{"$":443,"@enabled":"false"},"countryId":1,\
            "dataCenterInfo":{"@class":"com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo","name":"MyOwn"},\
            "leaseInfo":{"renewalIntervalInSecs":1,"durationInSecs":3,\
            "registrationTimestamp":1700000000000,"lastRenewalTimestamp":1700000000000,\
            "evictionTimestamp":0,"serviceUpTimestamp":1700000000000},\
            "metadata":{"k":"<&>","zone":"a"},"homePageUrl":"http://h1/","vipAddress":"orders,o2",\
            "secureVipAddress":"orders-s","isCoordinatingDiscoveryServer":"false",\
            "lastUpdatedTimestamp":"1700000000000","lastDirtyTimestamp":"7","actionType":"ADDED"}""";

    private @TempDir Path directory;
    private HeadFixture head;

    @BeforeEach
    void start() throws Exception {
        head = new HeadFixture(directory, Authenticator.open());
    }

    @AfterEach
    void stop() {
        head.close();
    }

    @Test
    void anEmptyRegistryHasAnEmptyHash() throws Exception {
        assertThat(head.json("/eureka/apps/").body())
                .isEqualTo(
                        "{\"applications\":{\"versions__delta\":\"1\",\"apps__hashcode\":\"\",\"application\":[]}}");
    }

    @Test
    void registrationComesBackInTheLegacyShape() throws Exception {
        assertThat(head.register("ORDERS", ORDERS).statusCode()).isEqualTo(204);
        String list = "{\"name\":\"ORDERS\",\"instance\":[" + INSTANCE_JSON + "]}";
        String all =
                "{\"applications\":{\"versions__delta\":\"1\",\"apps__hashcode\":\"UP_1_\",\"application\":["
                        + list
                        + "]}}";
        assertThat(head.json("/eureka/apps/").body()).isEqualTo(all);
        assertThat(head.json("/eureka/v2/apps").body()).isEqualTo(all);
        assertThat(head.json("/eureka/apps/delta").body()).isEqualTo(all);
        assertThat(head.json("/eureka/apps/ORDERS").body())
                .isEqualTo("{\"application\":" + list + "}");
        String one = "{\"instance\":" + INSTANCE_JSON + "}";
        assertThat(head.json("/eureka/apps/ORDERS/orders:1").body()).isEqualTo(one);
        assertThat(head.json("/eureka/apps/ORDERS/orders%3A1/").body()).isEqualTo(one);
        assertThat(head.json("/eureka/instances/orders:1").body()).isEqualTo(one);
        String vip = all.replace("\"versions__delta\":\"1\"", "\"versions__delta\":\"-1\"");
        assertThat(head.json("/eureka/vips/o2").body()).isEqualTo(vip);
        assertThat(head.json("/eureka/svips/orders-s").body()).isEqualTo(vip);
        assertThat(head.json("/eureka/vips/nobody").body()).contains("\"application\":[]");
    }

    @Test
    void compactDropsWhatClientsDoNotRoute() throws Exception {
        head.register("ORDERS", ORDERS);
        String body =
                head.send(
                                "GET",
                                "/eureka/apps/",
                                "Accept",
                                "application/json",
                                "X-Eureka-Accept",
                                "compact")
                        .body();
        assertThat(body)
                .doesNotContain("metadata", "leaseInfo", "homePageUrl", "lastDirty")
                .contains("\"lastUpdatedTimestamp\":1700000000000,\"actionType\":\"ADDED\"")
                .endsWith("\"versions__delta\":\"1\",\"apps__hashcode\":\"UP_1_\"}}");
    }

    @Test
    void xmlIsTheAnswerWithoutAcceptAndCanBeReadBack() throws Exception {
        head.register("ORDERS", ORDERS);
        var answer = head.send("GET", "/eureka/apps/");
        assertThat(answer.headers().firstValue("content-type")).contains("application/xml");
        assertThat(answer.body())
                .contains(
                        "<apps__hashcode>UP_1_</apps__hashcode>",
                        "<port enabled=\"true\">8080</port>",
                        "<overriddenstatus>UNKNOWN</overriddenstatus>",
                        "<k>&lt;&amp;&gt;</k>");
        String one = head.send("GET", "/eureka/apps/ORDERS/orders:1").body();
        assertThat(head.send("DELETE", "/eureka/apps/ORDERS/orders:1").statusCode()).isEqualTo(200);
        assertThat(
                        head.send(
                                        "POST",
                                        "/eureka/apps/ORDERS",
                                        one.getBytes(StandardCharsets.UTF_8),
                                        "Content-Type",
                                        "application/xml")
                                .statusCode())
                .isEqualTo(204);
        assertThat(head.json("/eureka/apps/ORDERS/orders:1").body())
                .isEqualTo("{\"instance\":" + INSTANCE_JSON + "}");
    }

    @Test
    void gzipIsSentWhenItIsAccepted() throws Exception {
        head.register("ORDERS", ORDERS);
        var packed =
                head.bytes(
                        "/eureka/apps/", "Accept", "application/json", "Accept-Encoding", "gzip");
        assertThat(packed.headers().firstValue("content-encoding")).contains("gzip");
        assertThat(Gzip.unpack(packed.body(), 100_000))
                .isInstanceOfSatisfying(
                        Gzip.Unpacked.class,
                        unpacked ->
                                assertThat(new String(unpacked.bytes(), StandardCharsets.UTF_8))
                                        .contains(INSTANCE_JSON));
    }

    @Test
    void beatsAreAnsweredByWhatIsKnown() throws Exception {
        String id = "/eureka/apps/ORDERS/orders:1";
        assertThat(head.send("PUT", id + "?status=UP&lastDirtyTimestamp=7").statusCode())
                .isEqualTo(404);
        head.register("ORDERS", ORDERS);
        var beat = head.send("PUT", id + "?status=UP&lastDirtyTimestamp=7");
        assertThat(beat.statusCode()).isEqualTo(200);
        assertThat(beat.headers().firstValue("content-length")).contains("0");
        assertThat(head.send("PUT", id + "?lastDirtyTimestamp=8").statusCode()).isEqualTo(404);
        byte[] jersey = "{}".getBytes(StandardCharsets.UTF_8);
        assertThat(head.send("PUT", id, jersey, "Content-Type", "application/json").statusCode())
                .isEqualTo(200);
        assertThat(head.send("PUT", "/eureka/v2/apps/orders/orders:1").statusCode()).isEqualTo(200);
    }

    @Test
    void anOverrideGoesBeforeTheOwnersStatusUntilItIsRemoved() throws Exception {
        head.register("ORDERS", ORDERS);
        String id = "/eureka/apps/ORDERS/orders:1";
        assertThat(head.send("PUT", id + "/status?value=OUT_OF_SERVICE").statusCode())
                .isEqualTo(200);
        assertThat(head.json("/eureka/apps/delta").body())
                .contains(
                        "\"status\":\"OUT_OF_SERVICE\",\"overriddenStatus\":\"OUT_OF_SERVICE\"",
                        "OUT_OF_SERVICE_1_",
                        "\"actionType\":\"MODIFIED\"");
        assertThat(head.send("PUT", id + "/status?value=NONSENSE").statusCode()).isEqualTo(500);
        assertThat(head.send("DELETE", id + "/status?value=UP").statusCode()).isEqualTo(200);
        assertThat(head.json(id).body()).contains("\"status\":\"UP\"");
        assertThat(head.send("DELETE", id + "/status").statusCode()).isEqualTo(200);
        assertThat(head.json(id).body()).contains("\"status\":\"UNKNOWN\"");
        assertThat(head.send("PUT", id).statusCode()).isEqualTo(404);
    }

    @Test
    void aCancelledInstanceStaysInTheDelta() throws Exception {
        head.register("ORDERS", ORDERS);
        head.send("DELETE", "/eureka/apps/ORDERS/orders:1");
        assertThat(head.json("/eureka/apps/delta").body())
                .contains("\"actionType\":\"DELETED\"", "\"apps__hashcode\":\"\"");
        assertThat(head.json("/eureka/apps/ORDERS").statusCode()).isEqualTo(404);
        assertThat(head.json("/eureka/apps/ORDERS").body()).isEmpty();
        assertThat(head.send("DELETE", "/eureka/apps/ORDERS/orders:1").statusCode()).isEqualTo(404);
    }

    @Test
    void metadataIsMergedAndTheFirstValueWins() throws Exception {
        head.register("ORDERS", ORDERS);
        String id = "/eureka/apps/ORDERS/orders:1";
        assertThat(head.send("PUT", id + "/metadata?k=new+1&x=%C3%A4&k=2").statusCode())
                .isEqualTo(200);
        assertThat(head.json(id).body())
                .contains("\"metadata\":{\"k\":\"new 1\",\"x\":\"ä\",\"zone\":\"a\"}");
        assertThat(head.send("PUT", "/eureka/apps/ORDERS/no/metadata?k=1").statusCode())
                .isEqualTo(404);
    }

    @Test
    void springsDialectOfNullsNumbersAndBooleansIsUnderstood() throws Exception {
        String spring =
                """
                {"instance":{"instanceId":"s","app":"SPRING","appGroupName":null,"ipAddr":"1.1.1.1",
                "sid":"na","homePageUrl":null,"port":{"$":"81","@enabled":true},"securePort":444,
                "countryId":1,"dataCenterInfo":{"name":"MyOwn","@class":"x"},"hostName":"h",
                "status":"STARTING","overriddenStatus":"UNKNOWN",
                "leaseInfo":{"renewalIntervalInSecs":"2","durationInSecs":6,"unheard":{"of":[1]}},
                "isCoordinatingDiscoveryServer":false,"metadata":{"@class":"java.util.Collections$EmptyMap","n":1},
                "lastUpdatedTimestamp":1,"lastDirtyTimestamp":9,"actionType":null,"asgName":null,"new":[{}]}}""";
        assertThat(head.register("SPRING", spring).statusCode()).isEqualTo(204);
        assertThat(head.json("/eureka/apps/SPRING/s").body())
                .contains("\"status\":\"STARTING\"", "\"$\":81", "\"$\":444", "{\"n\":\"1\"}")
                .contains("\"renewalIntervalInSecs\":2,\"durationInSecs\":6")
                .contains("\"lastDirtyTimestamp\":\"9\"")
                .doesNotContain("EmptyMap", "unheard", "null");
        String bare = spring.strip().substring("{\"instance\":".length());
        assertThat(head.register("SPRING", bare.substring(0, bare.length() - 1)).statusCode())
                .isEqualTo(204);
    }

    @Test
    void aPeersBatchGetsOneStatusForEachItem() throws Exception {
        String register = ORDERS.substring("{\"instance\":".length(), ORDERS.length() - 1);
        String batch =
                """
                {"replicationList":[
                {"appName":"ORDERS","id":"orders:1","action":"Heartbeat","lastDirtyTimestamp":7},
                {"appName":"ORDERS","id":"orders:1","action":"Register","instanceInfo":%s},
                {"appName":"ORDERS","id":"orders:1","action":"Heartbeat","lastDirtyTimestamp":7},
                {"appName":"ORDERS","id":"orders:1","action":"Heartbeat","lastDirtyTimestamp":5},
                {"appName":"ORDERS","id":"orders:1","action":"StatusUpdate","status":"DOWN"},
                {"appName":"ORDERS","id":"orders:1","action":"DeleteStatusOverride","status":null},
                {"appName":"ORDERS","id":"orders:1","action":"Nonsense"},
                {"appName":"ORDERS","id":"orders:1","action":"Cancel"},
                {"appName":"ORDERS","id":"orders:1","action":"Cancel"}]}"""
                        .formatted(register);
        String answer =
                head.send(
                                "POST",
                                "/eureka/peerreplication/batch/",
                                batch.getBytes(StandardCharsets.UTF_8))
                        .body();
        assertThat(answer)
                .isEqualTo(
                        """
                        {"responseList":[{"statusCode":404},{"statusCode":200},{"statusCode":200},\
                        {"statusCode":409,"responseEntity":%s},{"statusCode":200},{"statusCode":200},\
                        {"statusCode":400},{"statusCode":200},{"statusCode":404}]}"""
                                .formatted(INSTANCE_JSON));
    }

    @Test
    void aBrowserIsLedToTheConsole() throws Exception {
        for (String path : new String[] {"/", "/eureka", "/eureka/"}) {
            var answer = head.send("GET", path);
            assertThat(answer.statusCode()).isEqualTo(302);
            assertThat(answer.headers().firstValue("location")).contains(HeadFixture.CONSOLE);
        }
        assertThat(head.send("GET", "/favicon.ico").statusCode()).isEqualTo(404);
        assertThat(head.send("PUT", "/eureka/asg/x/status?value=ENABLED").statusCode())
                .isEqualTo(200);
    }
}
