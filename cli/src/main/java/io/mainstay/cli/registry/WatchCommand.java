package io.mainstay.cli.registry;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.CliException;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;
import io.mainstay.cli.Table;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `mainstay registry watch`
@Command(
        name = "watch",
        description = "Prints each change of the registry as it happens, until Ctrl-C.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay registry watch", "  mainstay registry watch -o json --count 10"})
final class WatchCommand extends RegistryAdminCommand {

    @Option(
            names = "--count",
            paramLabel = "N",
            description = "Ends after so many events (default: never).")
    private long count = Long.MAX_VALUE;

    @Override
    protected int run(AdminClient client) {
        long[] left = {count};
        client.events(
                "/registry/events" + query(),
                data -> {
                    done(Json.parse(data), line(data));
                    return --left[0] > 0;
                });
        if (left[0] > 0) {
            throw new CliException(ExitCode.CANNOT_CONNECT, "the node ended the stream of events");
        }
        return ExitCode.OK;
    }

    private static String line(String data) {
        return Table.text(Json.parse(data));
    }
}
