package io.mainstay.cli.messaging;

import picocli.CommandLine;

/// Puts the commands on messaging below the program.
public final class MessagingCommands {

    private MessagingCommands() {}

    public static CommandLine addTo(CommandLine root) {
        return root.addSubcommand(new QueueCommand())
                .addSubcommand(new ExchangeCommand())
                .addSubcommand(new BindingCommand())
                .addSubcommand(new VhostCommand())
                .addSubcommand(new PolicyCommand())
                .addSubcommand(new PermissionCommand())
                .addSubcommand(new DefinitionsCommand())
                .addSubcommand(new PublishCommand())
                .addSubcommand(new PeekCommand())
                .addSubcommand(new ConsumeCommand())
                .addSubcommand(new TailCommand())
                .addSubcommand(new ConnectionCommand());
    }
}
