package io.mainstay.server;

import io.mainstay.cli.Cli;
import io.mainstay.cli.StatusCommand;
import io.mainstay.cli.messaging.MessagingCommands;
import io.mainstay.cli.registry.RegistryCommand;
import io.mainstay.cli.user.UserCommand;
import io.mainstay.server.command.CompletionCommand;
import io.mainstay.server.command.ConfigCommand;
import io.mainstay.server.command.DoctorCommand;
import io.mainstay.server.command.FirstUserCommand;
import io.mainstay.server.command.JournalCommand;
import io.mainstay.server.command.NodeStarter;
import io.mainstay.server.command.StartCommand;
import io.mainstay.server.command.VersionCommand;
import io.mainstay.server.node.Node;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The program: `mainstay COMMAND`.
@Command(
        name = "mainstay",
        description = "The backbone of a microservice system in one program.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  mainstay demo          shows all of it on real services",
            "  mainstay start         runs a node",
            "  mainstay status        asks it how it is",
            "",
            "demo, test and bench belong to the script and have a --help of their own.",
            "Exit codes: 0 ok, 1 check failed, 2 usage, 3 cannot connect, 4 credentials,",
            "5 not found, 6 conflict, 7 time-out, 130 interrupted."
        })
public final class Main implements Runnable {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;

    @CommandLine.Spec private CommandLine.Model.@org.jspecify.annotations.Nullable CommandSpec spec;

    private Main() {}

    /// The whole tree of commands.
    public static CommandLine commandLine(NodeStarter starter) {
        CommandLine root =
                new CommandLine(new Main())
                        .addSubcommand(new StartCommand(starter))
                        .addSubcommand(new StatusCommand())
                        .addSubcommand(new RegistryCommand())
                        .addSubcommand(
                                new CommandLine(new UserCommand())
                                        .addSubcommand(new FirstUserCommand()))
                        .addSubcommand(new JournalCommand())
                        .addSubcommand(new ConfigCommand())
                        .addSubcommand(new DoctorCommand(starter))
                        .addSubcommand(new CompletionCommand())
                        .addSubcommand(new VersionCommand());
        MessagingCommands.addTo(root);
        return Cli.prepare(root);
    }

    public static void main(String[] arguments) {
        System.exit(commandLine(Node::start).execute(arguments));
    }

    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
    }
}
