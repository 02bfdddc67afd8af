package io.mainstay.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.Console;
import java.io.PrintWriter;
import java.util.concurrent.Callable;

/// A command on a running node. The sub-class asks and shows; options, form of the output and failures are here.
public abstract class AdminCommand implements Callable<Integer> {

    @Mixin private ServerOptions server = new ServerOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            defaultValue = "table",
            description = "Form of the output: ${COMPLETION-CANDIDATES} (default table).")
    private Form form = Form.TABLE;

    @Option(
            names = {"-q", "--quiet"},
            description = "Prints nothing but errors; the exit code tells.")
    private boolean quiet;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;

    @Spec private @Nullable CommandSpec spec;

    /// How results are printed.
    public enum Form {
        TABLE,
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    @Override
    public final Integer call() {
        return run(server.client());
    }

    /// Does the work and returns the exit code.
    protected abstract int run(AdminClient client);

    /// The password of `name` if that is who asks.
    protected final @Nullable String ownPassword(String name) {
        return server.ownPassword(name);
    }

    protected final boolean json() {
        return form == Form.JSON;
    }

    protected final boolean quiet() {
        return quiet;
    }

    protected final PrintWriter out() {
        CommandSpec present = spec;
        if (present == null) {
            throw new IllegalStateException("the command was not made by its command line");
        }
        return present.commandLine().getOut();
    }

    /// Prints `answer` as JSON, or what `table` makes of it.
    protected final void show(@Nullable Object answer, java.util.function.Supplier<Table> table) {
        if (quiet) {
            return;
        }
        if (json()) {
            out().println(Json.write(answer));
            out().flush();
        } else {
            table.get().print(out());
        }
    }

    /// Says what has been done: a sentence, or the node's answer with `-o json`.
    protected final void done(@Nullable Object answer, String sentence) {
        if (quiet) {
            return;
        }
        out().println(json() ? Json.write(answer) : sentence);
        out().flush();
    }

    /// Asks on a terminal; elsewhere `--yes` is needed.
    protected final void confirm(boolean yes, String question) {
        if (yes) {
            return;
        }
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            throw new CliException(ExitCode.USAGE, question + " Give --yes to say so.");
        }
        String answer = console.readLine("%s [y/N] ", question);
        if (answer == null || !answer.strip().equalsIgnoreCase("y")) {
            throw new CliException(ExitCode.FAILED, "nothing was changed");
        }
    }
}
