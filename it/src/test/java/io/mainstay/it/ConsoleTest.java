package io.mainstay.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.client.ClientOptions;
import io.mainstay.client.MainstayClient;
import io.mainstay.client.Selector;
import io.mainstay.testkit.Conditions;
import io.mainstay.testkit.Http;
import io.mainstay.testkit.NodeProcess;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// The console in a real browser, against a real node.
class ConsoleTest {
    private static final int LEASE_SECONDS = 600;
    private static final String SERVICES = ".list table .row";
    private static final String INSTANCES = ".detail .stacks .row";

    @SuppressWarnings("NullAway.Init")
    private static Browser browser;

    @TempDir static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static NodeProcess node;

    @SuppressWarnings("NullAway.Init")
    private EurekaCalls eureka;

    @BeforeAll
    static void begin() {
        browser = Browser.open();
        node = NodeProcess.start(folder.resolve("node"));
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
    void open() {
        eureka = new EurekaCalls(node.eurekaUrl());
        browser.go(node.httpUrl());
        browser.awaitText("h1", "Overview");
        browser.complaints();
    }

    /// The next test finds an empty registry.
    @AfterEach
    void clear() throws Exception {
        browser.go("about:blank");
        eureka.cancelAll();
        team().cancelAll();
    }

    /// The registry of the namespace `team-a`.
    private static EurekaCalls team() {
        return new EurekaCalls(node.eurekaUrl().replace("/eureka/", "/ns/team-a/eureka/"));
    }

    @Test
    void aNewInstanceAppearsWithoutReload() throws Exception {
        browser.awaitText(
                "pre",
                "eureka.client.service-url.defaultZone=http://127.0.0.1:"
                        + URI.create(node.eurekaUrl()).getPort()
                        + "/eureka");
        // A reload would lose it.
        browser.script("window.opened = 'once'");
        browser.click("Registry");
        browser.awaitText("h1", "Registry");

        assertThat(eureka.register("ORDERS", "orders-1", LEASE_SECONDS)).isEqualTo(204);
        browser.awaitText(SERVICES, "ORDERS");
        browser.awaitText(".detail td", "orders-1");

        browser.click("ORDERS");
        browser.awaitText(INSTANCES, "orders-1");
        browser.awaitText(".detail .status", "up");
        browser.awaitText(".lease", " min ");

        assertThat(eureka.register("ORDERS", "orders-2", LEASE_SECONDS)).isEqualTo(204);
        browser.awaitText(INSTANCES, "orders-2");
        assertThat(eureka.cancel("ORDERS", "orders-1")).isEqualTo(200);
        browser.awaitNoText(INSTANCES, "orders-1");

        assertThat(browser.script("return window.opened")).isEqualTo("once");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void theOverviewShowsLiveFigures() throws Exception {
        assertThat(eureka.register("ORDERS", "orders-1", LEASE_SECONDS)).isEqualTo(204);
        browser.awaitText(".tiles > div", "Instances\n1");
        Conditions.await(
                "six plots with a line each",
                Duration.ofSeconds(60),
                () ->
                        Long.valueOf(6)
                                .equals(
                                        browser.script(
                                                "return document.querySelectorAll('.plot canvas').length")));
        Conditions.await(
                "beats in the plot's heading",
                Duration.ofSeconds(60),
                () -> {
                    assertThat(eureka.renew("ORDERS", "orders-1")).isEqualTo(200);
                    return !browser.texts(".plot:first-child .figure").getFirst().matches("0/s|–");
                });
        // The raft groups: meta, eight for data, one for what is kept in memory. What other tests
        // left may stand in further tables.
        assertThat(browser.texts("tbody tr").stream().filter(row -> row.contains("leader")))
                .hasSize(10)
                .first()
                .asString()
                .startsWith("meta");
        assertThat(browser.texts("tbody th")).contains("data 8", "memory");

        Object light = background();
        browser.choose(".theme select", "dark");
        Conditions.await(
                "another background", Duration.ofSeconds(60), () -> !background().equals(light));
        browser.choose(".theme select", "system");
        assertThat(browser.complaints()).isEmpty();
    }

    private static Object background() {
        return browser.script("return getComputedStyle(document.documentElement).backgroundColor");
    }

    @Test
    void namesOfClientsAreTextAndNeverMarkup() throws Exception {
        String app = "<IMG SRC=X ONERROR=HARMED=1>";
        String id = "<b onmouseover=harmed=1>bold</b>";
        String metadata = "<script>harmed=1</script>";
        String instance =
                EurekaCalls.instance(app, id, LEASE_SECONDS, "")
                        .replace("\"zone\":\"a\"", "\"note\":\"" + metadata + "\"");
        String path = URLEncoder.encode(app, StandardCharsets.UTF_8).replace("+", "%20");
        assertThat(Http.call("POST", node.eurekaUrl() + "apps/" + path, instance).status())
                .isEqualTo(204);

        browser.click("Registry");
        browser.click(app);
        browser.awaitText("h2", app);
        browser.click(id);
        browser.awaitText(".details td", metadata);

        assertThat(
                        browser.script(
                                "return document.querySelectorAll('#page img, #page b, #page script').length"))
                .isEqualTo(0L);
        assertThat(browser.script("return typeof harmed + typeof HARMED"))
                .isEqualTo("undefinedundefined");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aNamespaceIsChosenWhereThereIsAChoice() throws Exception {
        assertThat(eureka.register("ORDERS", "orders-1", LEASE_SECONDS)).isEqualTo(204);
        browser.click("Registry");
        browser.awaitText(SERVICES, "ORDERS");
        assertThat(browser.texts(".namespace")).isEmpty();

        EurekaCalls team = team();
        assertThat(team.register("PAYMENT", "payment-1", LEASE_SECONDS)).isEqualTo(204);
        browser.awaitText(".namespace option", "team-a");
        browser.awaitNoText(SERVICES, "PAYMENT");
        browser.choose(".namespace select", "team-a");
        browser.awaitText(SERVICES, "PAYMENT");
        browser.awaitNoText(SERVICES, "ORDERS");
        browser.click("PAYMENT");
        browser.awaitText(INSTANCES, "payment-1");
        // Changes are those of the namespace, as they happen.
        assertThat(eureka.register("ORDERS", "orders-2", LEASE_SECONDS)).isEqualTo(204);
        assertThat(team.register("PAYMENT", "payment-2", LEASE_SECONDS)).isEqualTo(204);
        browser.awaitText(INSTANCES, "payment-2");
        browser.awaitText(".changes td", "payment-2");
        browser.awaitNoText(".changes td", "orders-2");

        browser.choose(".namespace select", "default");
        browser.awaitText(SERVICES, "ORDERS");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void subscribersShowWithTheirSelectorsWhereThereAreAny() throws Exception {
        assertThat(eureka.register("ORDERS", "orders-1", LEASE_SECONDS)).isEqualTo(204);
        browser.click("Registry");
        browser.awaitText(SERVICES, "ORDERS");
        assertThat(browser.texts(".subscribers")).isEmpty();
        try (MainstayClient client =
                MainstayClient.connect(
                        ClientOptions.builder()
                                .addresses("127.0.0.1:" + node.grpcPort())
                                .description("cart 2.3 <b>on</b> host-17")
                                .build())) {
            client.subscribe("orders", Selector.zone("a"));
            client.subscribe("payment");
            browser.awaitText(".subscribers th", "cart 2.3 <b>on</b> host-17");
            browser.awaitText(".subscribers td", "PAYMENT");
            browser.click("ORDERS");
            browser.awaitText(INSTANCES, "orders-1");
            browser.awaitText(".subscribers td", "zone a");
            browser.awaitNoText(".subscribers td", "PAYMENT");
            browser.awaitText("[aria-label=Subscribers] small", "1 subscription");
        }
        browser.awaitNoText("h2", "Subscribers");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void theKeyboardIsEnough() throws Exception {
        for (String app : new String[] {"ORDERS", "PAYMENT", "PRODUCT"}) {
            assertThat(eureka.register(app, app + "-1", LEASE_SECONDS)).isEqualTo(204);
        }
        browser.click("Registry");
        browser.awaitText(SERVICES, "PRODUCT");

        browser.type("/");
        browser.type("p");
        browser.awaitNoText(SERVICES, "ORDERS");
        browser.type(Keys.TAB);
        assertThat(focused()).isEqualTo("PAYMENT");
        assertThat(
                        (String)
                                browser.script(
                                        "return getComputedStyle(document.activeElement).outlineStyle"))
                .isEqualTo("solid");
        browser.press(Keys.ARROW_DOWN);
        assertThat(focused()).isEqualTo("PRODUCT");
        browser.press(Keys.ENTER);
        browser.awaitText(INSTANCES, "PRODUCT-1");

        browser.type("/");
        browser.press(Keys.ESCAPE);
        browser.awaitText(SERVICES, "ORDERS");
        assertThat(browser.complaints()).isEmpty();
    }

    private static Object focused() {
        return browser.script("return document.activeElement.innerText");
    }

    @Test
    void withUsersOneSignsInAndStaysSoUntilOneSignsOut() throws Exception {
        try (NodeProcess closed = NodeProcess.start(folder.resolve("closed"))) {
            browser.go(closed.httpUrl());
            browser.awaitText("h1", "Overview");
            signsInAndOut(closed.httpUrl());
            browser.go("about:blank");
        }
    }

    private static void signsInAndOut(String url) throws Exception {
        browser.awaitNoText("header button", "Sign out");
        String users = url + "/api/v1/users/";
        assertThat(Http.call("PUT", users + "root", "{\"password\":\"root password\"}").status())
                .isEqualTo(201);

        // The page that was open to everybody is so no more.
        browser.awaitText("h1", "Sign in");
        browser.fill("user", "root");
        browser.fill("password", "wrong password");
        browser.click("Sign in");
        browser.awaitText("[role=alert]", "User or password is wrong.");
        browser.fill("password", "root password");
        browser.click("Sign in");
        browser.awaitText("h1", "Overview");
        browser.awaitText("header .who", "root admin");
        assertThat(browser.script("return document.cookie")).isEqualTo("");

        browser.go(url + "/?again");
        browser.awaitText("header .who", "root admin");
        browser.click("Registry");
        String instance = url + "/api/v1/registry/instances/orders/orders-1";
        // Events need the cookie, too.
        browser.script(
                "fetch(arguments[0], {method: 'PUT', body: JSON.stringify({host: 'h', port: 1})})",
                instance);
        browser.awaitText(SERVICES, "ORDERS");

        browser.click("Sign out");
        browser.awaitText("h1", "Sign in");
        browser.go(url);
        browser.awaitText("h1", "Sign in");
        assertThat(browser.texts("header .who")).isEmpty();
        assertThat(browser.complaints()).allMatch(line -> line.contains(" 401 "));
    }

    @Test
    void aNodeThatIsGoneIsToldAndFoundAgain() throws Exception {
        assertThat(eureka.register("ORDERS", "orders-1", LEASE_SECONDS)).isEqualTo(204);
        browser.click("Registry");
        browser.awaitText(SERVICES, "ORDERS");

        node.kill();
        browser.awaitText("[role=alert]", "Connection lost.");
        browser.awaitText("[role=alert]", "last seen at");
        // What was known stays, and says how old it is.
        browser.awaitText(SERVICES, "ORDERS");

        node.startAgain();
        browser.awaitNoText("[role=alert]", "Connection lost.");
        assertThat(eureka.register("PAYMENT", "payment-1", LEASE_SECONDS)).isEqualTo(204);
        browser.awaitText(SERVICES, "PAYMENT");
        // The stream of changes opens again a while after the first look gets through.
        AtomicInteger next = new AtomicInteger(2);
        Conditions.await(
                "a change that came after the restart",
                Duration.ofSeconds(60),
                () -> {
                    eureka.register("PAYMENT", "payment-" + next.getAndIncrement(), LEASE_SECONDS);
                    return browser.texts(".detail td").stream()
                            .anyMatch(shown -> shown.contains("payment-"));
                });
    }
}
