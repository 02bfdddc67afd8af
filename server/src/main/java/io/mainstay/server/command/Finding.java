package io.mainstay.server.command;

/// What a check of the doctor says.
///
/// @param id stable, for scripts and searches
/// @param fix what to do, empty if it is well
public record Finding(String id, Level level, String cause, String fix) {

    /// How bad it is; only [#BAD] changes the exit code.
    public enum Level {
        OK,
        WARN,
        BAD
    }

    static Finding ok(String id, String cause) {
        return new Finding(id, Level.OK, cause, "");
    }

    static Finding warn(String id, String cause, String fix) {
        return new Finding(id, Level.WARN, cause, fix);
    }

    static Finding bad(String id, String cause, String fix) {
        return new Finding(id, Level.BAD, cause, fix);
    }
}
