package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;
import io.mainstay.cli.Table;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;

/// `mainstay permission list`
@Command(
        name = "list",
        description = "Lists the permissions of all users. Right of an ADMIN.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay permission list --user root"})
final class ListPermissionsCommand extends MessagingAdminCommand {

    @Override
    protected int run(AdminClient client) {
        Object answer = client.get("/messaging/permissions");
        show(answer, () -> table(answer));
        return ExitCode.OK;
    }

    static Table table(@Nullable Object answer) {
        Table table = new Table("user", "virtual host", "configure", "write", "read");
        for (Object item : Json.list(answer, "items")) {
            table.row(
                    Json.member(item, "user"),
                    Json.member(item, "vhost"),
                    Json.member(item, "configure"),
                    Json.member(item, "write"),
                    Json.member(item, "read"));
        }
        return table;
    }
}
