package io.mainstay.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

class ConfigLoaderTest {

    @TempDir Path folder;

    private Path file(String yaml) throws IOException {
        return Files.writeString(folder.resolve("mainstay.yaml"), yaml);
    }

    private static ConfigException refused(Path file, Map<String, String> flags) {
        return catchThrowableOfType(
                ConfigException.class, () -> ConfigLoader.load(file, flags, Map.of()));
    }

    @Test
    void withoutAnythingTheDefaultsHold() throws Exception {
        NodeConfig config = ConfigLoader.load(null, Map.of(), Map.of());

        assertThat(config.bind()).isEqualTo("127.0.0.1");
        assertThat(config.beyondLoopback()).isFalse();
        assertThat(config.head(Head.HTTP).port()).isEqualTo(8700);
        assertThat(config.head(Head.PEER).port()).isEqualTo(7000);
        assertThat(config.journal().segmentBytes()).isEqualTo(64 << 20);
        assertThat(config.dataGroups()).isEqualTo(8);
        assertThat(config.tls()).isNull();
    }

    @Test
    void flagGoesBeforeEnvironmentBeforeFileBeforeDefault() throws Exception {
        Path yaml = file("http.port: 1\neureka:\n  port: 2\nkafka:\n  port: 3\n");

        Configuration values =
                ConfigLoader.resolve(
                        yaml,
                        Map.of("http.port", "11"),
                        Map.of("MAINSTAY_HTTP_PORT", "12", "MAINSTAY_EUREKA_PORT", "13"));

        assertThat(values.number("http.port")).isEqualTo(11);
        assertThat(values.value("http.port").origin()).hasToString("-X http.port");
        assertThat(values.number("eureka.port")).isEqualTo(13);
        assertThat(values.value("eureka.port").origin())
                .hasToString("environment variable MAINSTAY_EUREKA_PORT");
        assertThat(values.number("kafka.port")).isEqualTo(3);
        assertThat(values.value("kafka.port").origin()).hasToString(yaml + ":5");
        assertThat(values.value("amqp.port").origin()).hasToString("default");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    http.prot               | 1        | there is no setting http.prot. Did you mean http.port?
                    eurkea.port             | 1        | there is no setting eurkea.port. Did you mean eureka.port?
                    xyzzy                   | 1        | there is no setting xyzzy.
                    http.port               | 65536    | http.port is "65536", allowed: 0 to 65,535
                    http.port               | -1       | http.port is "-1", allowed: 0 to 65,535
                    http.port               | eight    | http.port is "eight", allowed: 0 to 65,535
                    http.enabled            | yes      | http.enabled is "yes", allowed: true or false
                    log.format              | xml      | log.format is "xml", allowed: auto, text, json
                    journal.segment-bytes   | 1KiB     | journal.segment-bytes is "1KiB", allowed: 16,777,216 to 1,073,741,824 bytes
                    journal.segment-bytes   | 16777217 | journal.segment-bytes is "16777217", allowed: a multiple of 4,096
                    journal.segment-bytes   | 64 parsec | journal.segment-bytes is "64 parsec", allowed: 16,777,216 to 1,073,741,824 bytes
                    tls.key                 | a.pem    | TLS needs both tls.certificate and tls.key; only tls.key is set
                    traces.sample-ratio     | 1.5      | traces.sample-ratio is "1.5", allowed: 0 to 1, as 0.01
                    traces.otlp-endpoint    | localhost:4318 | traces.otlp-endpoint is "localhost:4318", allowed: a URL that begins with http:// or https:// and names a host, without user, query and fragment
                    eureka.port             | 8700     | http.port and eureka.port are both 8700; give one of them another port or turn it off
                    """)
    void refusesWithKeyValueOriginAndWhatIsAllowed(String key, String value, String sentence) {
        ConfigException refusal = refused(null, Map.of(key, value));

        assertThat(refusal).hasMessage("-X " + key + ": " + sentence);
    }

    @Test
    void reportsAllProblemsAtOnceWithTheirLines() throws IOException {
        Path yaml = file("http:\n  port: 99999\n  prt: 1\nlog:\n  level: loud\n");

        assertThat(refused(yaml, Map.of()).getMessage().lines().toList())
                .containsExactly(
                        yaml + ":2: http.port is \"99999\", allowed: 0 to 65,535",
                        yaml + ":3: there is no setting http.prt. Did you mean http.port?",
                        yaml
                                + ":5: log.level is \"loud\", allowed: error, warn, info, debug, trace");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1]", "a: [", "a: *b", "just words"})
    void aFileThatIsNoConfigurationIsRefused(String yaml) throws IOException {
        assertThat(refused(file(yaml), Map.of()))
                .hasMessageMatching("(?s).*mainstay.yaml:[12]: .+");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThat(refused(folder.resolve("none.yaml"), Map.of()))
                .hasMessage(
                        folder.resolve("none.yaml") + ": the configuration file does not exist");
    }

    @Test
    void aTagMakesNoObject() throws Exception {
        Path yaml = file("bind: !!javax.script.ScriptEngineManager \"10.0.0.1\"\n");

        assertThat(ConfigLoader.load(yaml, Map.of(), Map.of()).bind()).isEqualTo("10.0.0.1");
    }

    @Test
    void tracesAreMadeForWhoeverNamesACollector() throws Exception {
        assertThat(ConfigLoader.load(null, Map.of(), Map.of()).traces()).isNull();

        Path yaml = file("traces:\n  otlp-endpoint: http://[::1]:4318\n  sample-ratio: 0.01\n");
        assertThat(ConfigLoader.load(yaml, Map.of(), Map.of()).traces())
                .isEqualTo(new NodeConfig.Traces("http://[::1]:4318", 0.01, 8_192));
    }

    @Test
    void aListMayBeASequenceOrText() throws Exception {
        Path yaml =
                file("eureka:\n  peers:\n    - http://a:8761/eureka\n    - http://b:8761/eureka\n");
        List<String> both = List.of("http://a:8761/eureka", "http://b:8761/eureka");

        assertThat(ConfigLoader.load(yaml, Map.of(), Map.of()).eurekaPeers()).isEqualTo(both);
        assertThat(
                        ConfigLoader.load(
                                        null,
                                        Map.of("eureka.peers", String.join(", ", both)),
                                        Map.of())
                                .eurekaPeers())
                .isEqualTo(both);
    }

    @Test
    void anUnknownVariableIsRefusedButNotThoseOfOthers() {
        Map<String, String> environment =
                Map.of(
                        "MAINSTAY_HTTP_PROT", "1",
                        "MAINSTAY_SERVER", "http://x",
                        "MAINSTAY_PORT", "tcp://10.0.0.1:8700",
                        "MAINSTAY_SERVICE_HOST", "10.0.0.1",
                        "PATH", "/bin");
        ConfigException refusal =
                catchThrowableOfType(
                        ConfigException.class,
                        () -> ConfigLoader.load(null, Map.of(), environment));

        assertThat(refusal)
                .hasMessage(
                        "environment variable MAINSTAY_HTTP_PROT: there is no setting MAINSTAY_HTTP_PROT. Did you mean MAINSTAY_HTTP_PORT?");
    }

    @Test
    void everyDefaultIsAllowedAndEveryKeyHasItsOwnVariable() {
        Set<String> variables = new HashSet<>();
        for (Setting setting : Settings.all()) {
            assertThat(Values.refusal(setting, setting.fallback())).as(setting.key()).isEmpty();
            assertThat(variables.add(setting.environmentName())).as(setting.key()).isTrue();
            assertThat(setting.description()).as(setting.key()).endsWith(".");
        }
    }
}
