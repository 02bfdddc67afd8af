package io.mainstay.server.config;

import io.mainstay.server.config.Configuration.Value;
import io.mainstay.server.config.Origin.Layer;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Lays default, file, environment and flags over each other; the later one wins. All problems are reported together.
public final class ConfigLoader {

    /// Variables of the scripts, the tests and the CLI that are no settings.
    private static final Set<String> OTHER_VARIABLES =
            Set.of(
                    "MAINSTAY_CI",
                    "MAINSTAY_SERVER",
                    "MAINSTAY_USER",
                    "MAINSTAY_PASSWORD",
                    "MAINSTAY_NEW_PASSWORD",
                    "MAINSTAY_CA",
                    "MAINSTAY_TOKEN",
                    "MAINSTAY_CONFIG",
                    "MAINSTAY_JAVA_HOME",
                    "MAINSTAY_JAVA_OPTS");

    private final List<ConfigProblem> problems = new ArrayList<>();
    private final Map<String, Value> values = new LinkedHashMap<>();

    private ConfigLoader() {}

    /// @param file YAML, or null for none
    /// @param flags of `-X key=value`
    /// @param environment all variables of the process; those that start with `MAINSTAY_` are looked at
    public static NodeConfig load(
            @Nullable Path file, Map<String, String> flags, Map<String, String> environment)
            throws ConfigException {
        return NodeConfig.of(resolve(file, flags, environment));
    }

    /// As [#load], before it is typed: for `config show`.
    public static Configuration resolve(
            @Nullable Path file, Map<String, String> flags, Map<String, String> environment)
            throws ConfigException {
        ConfigLoader loader = new ConfigLoader();
        for (Setting setting : Settings.all()) {
            loader.values.put(
                    setting.key(), new Value(setting, setting.fallback(), Origin.DEFAULT));
        }
        if (file != null) {
            YamlFile.read(file, loader::take, loader.problems);
        }
        loader.environment(environment);
        flags.forEach((key, text) -> loader.take(key, text, new Origin(Layer.FLAG, "-X " + key)));
        loader.relations();
        if (!loader.problems.isEmpty()) {
            throw new ConfigException(loader.problems);
        }
        return new Configuration(loader.values);
    }

    private void environment(Map<String, String> variables) {
        Map<String, String> keys = new HashMap<>();
        Settings.all().forEach(setting -> keys.put(setting.environmentName(), setting.key()));
        variables.entrySet().stream()
                .filter(variable -> isOurs(variable.getKey()))
                .sorted(Map.Entry.comparingByKey())
                .forEach(
                        variable -> {
                            String name = variable.getKey();
                            Origin origin =
                                    new Origin(Layer.ENVIRONMENT, "environment variable " + name);
                            String key = keys.get(name);
                            if (key == null) {
                                unknown(
                                        name,
                                        origin,
                                        Settings.nearest(name, List.copyOf(keys.keySet())));
                            } else {
                                take(key, variable.getValue(), origin);
                            }
                        });
    }

    /// A Kubernetes service named `mainstay` puts its own variables into each container; they are not meant for us.
    private static boolean isOurs(String name) {
        return name.startsWith("MAINSTAY_")
                && !OTHER_VARIABLES.contains(name)
                && !name.startsWith("MAINSTAY_SERVICE_")
                && !name.equals("MAINSTAY_PORT")
                && !name.startsWith("MAINSTAY_PORT_");
    }

    private void take(String key, String text, Origin origin) {
        Setting setting = Settings.find(key);
        if (setting == null) {
            unknown(key, origin, Settings.nearest(key));
            return;
        }
        Optional<String> refusal = Values.refusal(setting, text);
        if (refusal.isPresent()) {
            problems.add(new ConfigProblem(key, origin, refusal.get()));
        } else {
            values.put(key, new Value(setting, text, origin));
        }
    }

    private void unknown(String key, Origin origin, Optional<String> nearest) {
        String hint = nearest.map(" Did you mean %s?"::formatted).orElse("");
        problems.add(new ConfigProblem(key, origin, "there is no setting " + key + "." + hint));
    }

    private void relations() {
        Configuration all = new Configuration(values);
        if (all.path("tls.certificate").isPresent() != all.path("tls.key").isPresent()) {
            Value given =
                    all.value(
                            all.path("tls.certificate").isPresent()
                                    ? "tls.certificate"
                                    : "tls.key");
            problems.add(
                    new ConfigProblem(
                            given.setting().key(),
                            given.origin(),
                            "TLS needs both tls.certificate and tls.key; only "
                                    + given.setting().key()
                                    + " is set"));
        }
        Value segment = all.value("journal.segment-bytes");
        if (all.number("journal.segment-bytes") % 4_096 != 0) {
            problems.add(
                    new ConfigProblem(
                            segment.setting().key(),
                            segment.origin(),
                            "journal.segment-bytes is \""
                                    + segment.text()
                                    + "\", allowed: a multiple of 4,096"));
        }
        for (String key : List.of("data.dir", "bind", "node.id")) {
            Value value = all.value(key);
            if (value.text().isBlank()) {
                problems.add(new ConfigProblem(key, value.origin(), key + " must not be empty"));
            }
        }
        collector(all.value("traces.otlp-endpoint"));
        oneHeadPerPort(all);
    }

    private void collector(Value endpoint) {
        if (!endpoint.text().isEmpty() && !isHttp(endpoint.text())) {
            problems.add(
                    new ConfigProblem(
                            endpoint.setting().key(),
                            endpoint.origin(),
                            "traces.otlp-endpoint is \""
                                    + endpoint.text()
                                    + "\", allowed: a URL that begins with http:// or https:// and names a host, without user, query and fragment"));
        }
    }

    private static boolean isHttp(String text) {
        try {
            URI url = new URI(text);
            return ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
                    && url.getHost() != null
                    && url.getUserInfo() == null
                    && url.getQuery() == null
                    && url.getFragment() == null;
        } catch (URISyntaxException notOne) {
            return false;
        }
    }

    private void oneHeadPerPort(Configuration all) {
        Map<Long, Head> owners = new HashMap<>();
        for (Head head : Head.values()) {
            long port = all.number(head.id() + ".port");
            if (port == 0 || !all.isOn(head.id() + ".enabled")) {
                continue;
            }
            Head other = owners.putIfAbsent(port, head);
            if (other != null) {
                Value value = all.value(head.id() + ".port");
                problems.add(
                        new ConfigProblem(
                                value.setting().key(),
                                value.origin(),
                                "%s.port and %s.port are both %d; give one of them another port or turn it off"
                                        .formatted(other.id(), head.id(), port)));
            }
        }
    }
}
