package io.mainstay.server.config;

import io.mainstay.common.Check;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The checked value of every key with its origin.
public final class Configuration {

    private final Map<String, Value> values;

    Configuration(Map<String, Value> values) {
        this.values = values;
    }

    /// @param text as written, already checked against `setting`
    public record Value(Setting setting, String text, Origin origin) {}

    /// In the order of [Settings#all()].
    public List<Value> all() {
        return Settings.all().stream().map(setting -> value(setting.key())).toList();
    }

    public Value value(String key) {
        return Check.present(values.get(key), "no setting %s", key);
    }

    public long number(String key) {
        Value value = value(key);
        return Values.number(value.setting(), value.text());
    }

    public int smallNumber(String key) {
        return Math.toIntExact(number(key));
    }

    public double ratio(String key) {
        return Double.parseDouble(text(key));
    }

    public boolean isOn(String key) {
        return value(key).text().equals("true");
    }

    public String text(String key) {
        return value(key).text();
    }

    public Optional<Path> path(String key) {
        String text = text(key);
        return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
    }

    public List<String> list(String key) {
        return Values.list(text(key));
    }
}
