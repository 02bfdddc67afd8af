package io.mainstay.cli;

/// The exit codes of every command; scripts may rely on them.
public final class ExitCode {
    public static final int OK = 0;

    /// A check failed, the node is not healthy, or it answered with an error of its own.
    public static final int FAILED = 1;

    /// The command line or a value in it is wrong.
    public static final int USAGE = 2;

    public static final int CANNOT_CONNECT = 3;

    /// Credentials are missing, wrong, or not enough.
    public static final int AUTH = 4;

    public static final int NOT_FOUND = 5;

    /// Something is there already, or in the way: a newer registration, a port, another node.
    public static final int CONFLICT = 6;

    public static final int TIMEOUT = 7;

    /// SIGINT; the JVM itself ends with it.
    public static final int INTERRUPTED = 130;

    private ExitCode() {}

    /// The code for an HTTP status that is no success.
    public static int ofStatus(int status) {
        return switch (status) {
            case 401, 403 -> AUTH;
            case 404, 410 -> NOT_FOUND;
            case 409, 412 -> CONFLICT;
            case 408, 504 -> TIMEOUT;
            case 400, 413, 414, 415, 422 -> USAGE;
            default -> FAILED;
        };
    }
}
