package io.mainstay.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.Console;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/// Which node, and who asks. A password is never an argument, as others can read those.
public final class ServerOptions {

    @Option(
            names = "--server",
            paramLabel = "URL",
            defaultValue = "${env:MAINSTAY_SERVER:-http://127.0.0.1:8700}",
            description = "The node's admin address (MAINSTAY_SERVER; default ${DEFAULT-VALUE}).")
    private String server = "";

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            defaultValue = "${env:MAINSTAY_TOKEN}",
            showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER,
            description = "A token for the admin API (MAINSTAY_TOKEN).")
    private @Nullable String token;

    @Option(
            names = "--user",
            paramLabel = "NAME",
            defaultValue = "${env:MAINSTAY_USER}",
            description = "A user; the password comes from MAINSTAY_PASSWORD or is asked for.")
    private @Nullable String user;

    private @Nullable String password;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            defaultValue = "${env:MAINSTAY_CA}",
            description =
                    "PEM file with the CA of an https node, instead of those of the JDK (MAINSTAY_CA).")
    private @Nullable String ca;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How long to wait for an answer, 1 to 3600 (default 10).")
    private int timeoutSeconds;

    public AdminClient client() {
        if (timeoutSeconds < 1 || timeoutSeconds > 3_600) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--timeout is " + timeoutSeconds + ", allowed: 1 to 3600 seconds");
        }
        return new AdminClient(
                address(),
                authorization(),
                ca == null || ca.isBlank() ? null : TrustedCa.of(ca),
                Duration.ofSeconds(timeoutSeconds));
    }

    /// The password that was given or typed for `name`, if that is who asks; otherwise null.
    public @Nullable String ownPassword(String name) {
        return name.equals(user) ? password : null;
    }

    private URI address() {
        String text = server.endsWith("/") ? server.substring(0, server.length() - 1) : server;
        try {
            URI address = URI.create(text.contains("://") ? text : "http://" + text);
            String scheme = address.getScheme();
            if (address.getHost() != null && ("http".equals(scheme) || "https".equals(scheme))) {
                return address;
            }
        } catch (IllegalArgumentException notAnAddress) {
            throw new CliException(ExitCode.USAGE, noAddress(), notAnAddress);
        }
        throw new CliException(ExitCode.USAGE, noAddress());
    }

    private String noAddress() {
        return "--server is \"" + server + "\", allowed: an address like http://127.0.0.1:8700";
    }

    private @Nullable String authorization() {
        if (token != null && !token.isBlank()) {
            return "Bearer " + token;
        }
        if (user == null || user.isBlank()) {
            return null;
        }
        password = password();
        String pair = user + ":" + password;
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private String password() {
        String fromEnvironment = System.getenv("MAINSTAY_PASSWORD");
        if (fromEnvironment != null) {
            return fromEnvironment;
        }
        Console console = System.console();
        char[] typed =
                console == null || !console.isTerminal()
                        ? null
                        : console.readPassword("Password of %s: ", user);
        if (typed == null) {
            throw new CliException(
                    ExitCode.AUTH, "no password for " + user + ": set MAINSTAY_PASSWORD");
        }
        return new String(typed);
    }
}
