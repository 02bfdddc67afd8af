package io.mainstay.server.command;

import io.mainstay.cli.CliException;
import io.mainstay.cli.ExitCode;

import org.jspecify.annotations.Nullable;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `mainstay completion`
@Command(
        name = "completion",
        description = "Prints a completion script for bash or zsh.",
        footerHeading = "%nExamples:%n",
        footer = {"  source <(mainstay completion bash)", "  source <(mainstay completion zsh)"})
public final class CompletionCommand implements Runnable {

    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    private String shell = "";

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;

    @Spec private @Nullable CommandSpec spec;

    @Override
    public void run() {
        if (!shell.equals("bash") && !shell.equals("zsh")) {
            throw new CliException(ExitCode.USAGE, "\"" + shell + "\" is not allowed: bash or zsh");
        }
        if (spec != null) {
            spec.commandLine()
                    .getOut()
                    .print(AutoComplete.bash("mainstay", spec.root().commandLine()));
            spec.commandLine().getOut().flush();
        }
    }
}
