package io.mainstay.cli.user;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;
import io.mainstay.cli.Table;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// `mainstay user list`
@Command(
        name = "list",
        description =
                "Lists the users with their roles, their namespaces and the labels of their tokens.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay user list --user root", "  mainstay user list --user root -o json"})
final class ListUsersCommand extends UserAdminCommand {

    @Override
    protected int run(AdminClient client) {
        Object answer = client.get(USERS);
        show(answer, () -> table(answer));
        return ExitCode.OK;
    }

    private static Table table(@Nullable Object answer) {
        Table table = new Table("user", "role", "namespaces", "tokens", "created", "changed");
        for (Object user : Json.list(answer, "items")) {
            table.row(
                    Json.member(user, "name"),
                    Json.member(user, "role"),
                    namespaces(user),
                    Json.member(user, "tokens"),
                    moment(Json.member(user, "createdMs")),
                    moment(Json.member(user, "changedMs")));
        }
        return table;
    }

    private static @Nullable Object namespaces(@Nullable Object user) {
        return Json.list(user, "namespaces").isEmpty() ? "all" : Json.member(user, "namespaces");
    }

    private static @Nullable Object moment(@Nullable Object unixMs) {
        return unixMs instanceof Number ms
                ? Instant.ofEpochMilli(ms.longValue()).truncatedTo(ChronoUnit.SECONDS)
                : unixMs;
    }
}
