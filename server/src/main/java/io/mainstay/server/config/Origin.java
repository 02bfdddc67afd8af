package io.mainstay.server.config;

/// Where a value came from.
///
/// @param layer see [Layer]
/// @param where for people: a flag, the name of a variable, `file:line`
public record Origin(Layer layer, String where) {

    /// Later ones go before earlier ones.
    public enum Layer {
        DEFAULT,
        FILE,
        ENVIRONMENT,
        FLAG
    }

    static final Origin DEFAULT = new Origin(Layer.DEFAULT, "default");

    @Override
    public String toString() {
        return where;
    }
}
