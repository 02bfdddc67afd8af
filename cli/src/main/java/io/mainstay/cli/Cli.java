package io.mainstay.cli;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

import java.io.PrintWriter;

/// What all commands have in common: how errors look and which code they end with.
public final class Cli {

    private Cli() {}

    /// Sets the handlers of `root` and all its sub-commands.
    public static CommandLine prepare(CommandLine root) {
        root.setCaseInsensitiveEnumValuesAllowed(true);
        root.setUsageHelpAutoWidth(true);
        root.setExitCodeExceptionMapper(Cli::exitCode);
        root.setExecutionExceptionHandler(
                (failure, command, parsed) -> {
                    say(command, failure);
                    return exitCode(failure);
                });
        root.setParameterExceptionHandler((failure, arguments) -> usage(failure));
        return root;
    }

    private static int usage(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        // picocli says the word twice.
        String sentence = String.valueOf(failure.getMessage());
        err.println("mainstay: " + sentence.replace("option option", "option"));
        UnmatchedArgumentException.printSuggestions(failure, err);
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.USAGE;
    }

    private static void say(CommandLine command, Exception failure) {
        String sentence = failure.getMessage();
        if (failure instanceof CliException && sentence != null) {
            sentence.lines().forEach(line -> command.getErr().println("mainstay: " + line));
            return;
        }
        command.getErr().println("mainstay: unexpected failure: " + failure);
        failure.printStackTrace(command.getErr());
    }

    private static int exitCode(Throwable failure) {
        return failure instanceof CliException known ? known.exitCode() : ExitCode.FAILED;
    }
}
