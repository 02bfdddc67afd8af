package io.mainstay.cli.registry;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;
import io.mainstay.cli.Table;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `mainstay registry instances`
@Command(
        name = "instances",
        description = "Lists the instances of one service with their leases.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  mainstay registry instances ORDER",
            "  mainstay registry instances ORDER -o json"
        })
final class InstancesCommand extends RegistryAdminCommand {

    @Parameters(paramLabel = "SERVICE", description = "Name of the service.")
    private String service = "";

    @Override
    protected int run(AdminClient client) {
        Object answer = client.get(service(service));
        show(answer, () -> table(answer));
        return ExitCode.OK;
    }

    private static Table table(@Nullable Object answer) {
        Table table =
                new Table("instance", "status", "host", "port", "last beat", "lease left", "held");
        for (Object instance : Json.list(answer, "items")) {
            table.row(
                    Json.member(instance, "instanceId"),
                    Json.member(instance, "status"),
                    Json.member(instance, "host"),
                    Json.member(instance, "port"),
                    millis(Json.member(instance, "lastBeatAgeMs")),
                    millis(Json.member(instance, "leaseLeftMs")),
                    Json.member(instance, "held"));
        }
        return table;
    }

    private static @Nullable String millis(@Nullable Object value) {
        return value == null ? null : value + " ms";
    }
}
