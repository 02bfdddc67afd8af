package io.mainstay.server.command;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `mainstay version`
@Command(
        name = "version",
        description = "Shows the version.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay version"})
public final class VersionCommand implements Runnable {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;

    @Spec private @Nullable CommandSpec spec;

    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine()
                    .getOut()
                    .println(
                            "mainstay "
                                    + version()
                                    + " (Java "
                                    + Runtime.version()
                                    + ", "
                                    + System.getProperty("os.name")
                                    + " "
                                    + System.getProperty("os.arch")
                                    + ")");
            spec.commandLine().getOut().flush();
        }
    }

    /// From the jar's manifest; `development` when classes run without one.
    public static String version() {
        String version = VersionCommand.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
