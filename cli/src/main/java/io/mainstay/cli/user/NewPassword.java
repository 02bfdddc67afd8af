package io.mainstay.cli.user;

import io.mainstay.cli.CliException;
import io.mainstay.cli.ExitCode;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.Console;

/// Where a new password comes from: typed, from `MAINSTAY_NEW_PASSWORD`, or made by the node. Never an argument: those stand in the
/// shell's history, and everybody on the machine can read them.
public final class NewPassword {

    private static final String VARIABLE = "MAINSTAY_NEW_PASSWORD";

    @Option(
            names = "--prompt",
            description = "Asks for the new password, instead of a random one that is shown once.")
    private boolean prompt;

    /// The password that was chosen, or null for a random one.
    public @Nullable String chosen(String user) {
        if (!prompt) {
            String given = System.getenv(VARIABLE);
            return given == null || given.isEmpty() ? null : given;
        }
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            throw new CliException(
                    ExitCode.USAGE, "--prompt needs a terminal; elsewhere set " + VARIABLE);
        }
        String first = typed(console, "New password of " + user + ": ");
        if (!first.equals(typed(console, "The same again: "))) {
            throw new CliException(ExitCode.USAGE, "the two passwords differ; nothing was changed");
        }
        return first;
    }

    private static String typed(Console console, String question) {
        char[] typed = console.readPassword("%s", question);
        if (typed == null || typed.length == 0) {
            throw new CliException(ExitCode.USAGE, "no password; nothing was changed");
        }
        return new String(typed);
    }
}
