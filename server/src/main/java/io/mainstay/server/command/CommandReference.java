package io.mainstay.server.command;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

import java.util.LinkedHashSet;

/// The reference page of all commands, as Markdown, made from their own help.
public final class CommandReference {

    private CommandReference() {}

    public static String page(CommandLine root) {
        StringBuilder page =
                new StringBuilder(
                        """
                        # Commands

                        Made from the help of the commands; a test holds it up to date. `demo`, `test` and `bench` belong to the
                        script `./mainstay` and have a `--help` of their own.
                        """);
        add(page, root);
        return page.toString();
    }

    private static void add(StringBuilder page, CommandLine command) {
        String usage =
                command.setUsageHelpAutoWidth(false)
                        .setUsageHelpWidth(100)
                        .getUsageMessage(Ansi.OFF);
        page.append("\n## ").append(command.getCommandSpec().qualifiedName()).append("\n\n```\n");
        usage.lines().forEach(line -> page.append(line.stripTrailing()).append('\n'));
        page.append("```\n");
        for (CommandLine child : new LinkedHashSet<>(command.getSubcommands().values())) {
            add(page, child);
        }
    }
}
