package io.mainstay.cli.registry;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.CliException;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;
import io.mainstay.cli.Table;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.util.stream.Collectors;
import java.util.stream.Stream;

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

    /// `ADDED ORDER order-1 UP 10.0.0.9:8080`
    private static String line(String data) {
        Object change = Json.parse(data);
        return Stream.of("kind", "instance.service", "instance.instanceId", "instance.status")
                        .map(path -> Table.text(Json.at(change, path)))
                        .collect(Collectors.joining(" "))
                + " "
                + Table.text(Json.at(change, "instance.host"))
                + ":"
                + Table.text(Json.at(change, "instance.port"));
    }
}
