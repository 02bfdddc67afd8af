package io.mainstay.server.command;

import io.mainstay.cli.CliException;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Table;
import io.mainstay.server.config.Configuration.Value;
import io.mainstay.server.config.Origin.Layer;
import io.mainstay.server.config.Setting;
import io.mainstay.server.config.Settings;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;

/// `mainstay config`
@Command(
        name = "config",
        description = "What can be set, what is set, and whether it is right.",
        subcommands = {
            ConfigCommand.Show.class,
            ConfigCommand.Check.class,
            ConfigCommand.Explain.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  mainstay config show --effective --origin",
            "  mainstay config check --config mainstay.yaml",
            "  mainstay config explain http.port"
        })
public final class ConfigCommand {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;

    abstract static class Local implements Runnable {
        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "Shows this help.")
        boolean help;

        @Spec @Nullable CommandSpec spec;

        final PrintWriter out() {
            CommandSpec present = spec;
            if (present == null) {
                throw new IllegalStateException("the command was not made by its command line");
            }
            return present.commandLine().getOut();
        }
    }

    /// `mainstay config show`
    @Command(
            name = "show",
            description = "Shows what is set; with --effective also the defaults.",
            footerHeading = "%nExamples:%n",
            footer = {"  mainstay config show --effective --origin"})
    static final class Show extends Local {
        @Mixin private ConfigOptions options = new ConfigOptions();

        @Option(names = "--effective", description = "Every key, not only those that are set.")
        private boolean effective;

        @Option(names = "--origin", description = "Where each value comes from.")
        private boolean origin;

        @Override
        public void run() {
            Table table = origin ? new Table("key", "value", "origin") : new Table("key", "value");
            for (Value value : options.resolve().all()) {
                if (!effective && value.origin().layer() == Layer.DEFAULT) {
                    continue;
                }
                String key = value.setting().key();
                if (origin) {
                    table.row(key, shown(value), value.origin());
                } else {
                    table.row(key, shown(value));
                }
            }
            table.print(out());
        }

        /// Without the credentials of URLs.
        private static String shown(Value value) {
            return value.text().replaceAll("://[^/@,]*@", "://***@");
        }
    }

    /// `mainstay config check`
    @Command(
            name = "check",
            description =
                    "Checks the configuration without starting; exit code 2 if it is refused.",
            footerHeading = "%nExamples:%n",
            footer = {"  mainstay config check --config mainstay.yaml"})
    static final class Check extends Local {
        @Mixin private ConfigOptions options = new ConfigOptions();

        @Override
        public void run() {
            options.load();
            out().println("The configuration is right.");
            out().flush();
        }
    }

    /// `mainstay config explain`
    @Command(
            name = "explain",
            description = "Explains one key.",
            footerHeading = "%nExamples:%n",
            footer = {"  mainstay config explain http.port"})
    static final class Explain extends Local {
        @Parameters(paramLabel = "KEY", description = "The key.")
        private String key = "";

        @Override
        public void run() {
            Setting setting = Settings.find(key);
            if (setting == null) {
                String hint = Settings.nearest(key).map(" Did you mean %s?"::formatted).orElse("");
                throw new CliException(
                        ExitCode.NOT_FOUND, "there is no setting " + key + "." + hint);
            }
            Table table = new Table(setting.key(), setting.description());
            table.row("allowed", setting.allowedText());
            table.row("default", setting.fallback());
            table.row("variable", setting.environmentName());
            table.row("reload", setting.reloadable() ? "while running" : "needs a restart");
            table.print(out());
        }
    }
}
