package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.AdminCommand;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Table;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `mainstay connection close`
@Command(
        name = "close",
        description =
                "Closes a connection, or one channel of it. What is not acknowledged goes back to its queues; many clients connect again.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  mainstay connection close node-1.ab12cd34ef56 --yes",
            "  mainstay connection close node-1.ab12cd34ef56 --channel 2 --reason stuck --yes"
        })
final class CloseConnectionCommand extends AdminCommand {

    @Parameters(index = "0", paramLabel = "ID", description = "Its id, as connection list shows.")
    private String id = "";

    @Option(
            names = "--channel",
            paramLabel = "N",
            description = "Only the channel of this number (default: the connection).")
    private int channel;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            description = "What the client is told (default: that an operator did it).")
    private String reason = "closed by an operator";

    @Option(names = "--yes", description = "Does not ask.")
    private boolean yes;

    @Override
    protected int run(AdminClient client) {
        String what =
                (channel == 0 ? "connection " : "channel " + channel + " of connection ")
                        + Table.text(id);
        confirm(yes, "This closes " + what + ".");
        Object answer =
                client.delete(
                        "/messaging/connections/"
                                + AdminClient.segment(id)
                                + (channel == 0 ? "" : "/channels/" + channel)
                                + "?reason="
                                + AdminClient.segment(reason));
        done(answer, "closed " + what);
        return ExitCode.OK;
    }
}
