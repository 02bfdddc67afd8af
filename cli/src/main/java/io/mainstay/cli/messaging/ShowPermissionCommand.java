package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.CliException;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;
import io.mainstay.cli.Table;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.Map;

/// `mainstay permission show`
@Command(
        name = "show",
        description = "Shows what one user may do, in all virtual hosts. Right of an ADMIN.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay permission show orders-service --user root"})
final class ShowPermissionCommand extends MessagingAdminCommand {

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the user.")
    private String name = "";

    @Override
    protected int run(AdminClient client) {
        List<?> theirs =
                Json.list(client.get("/messaging/permissions"), "items").stream()
                        .filter(item -> name.equals(Json.member(item, "user")))
                        .toList();
        if (theirs.isEmpty()) {
            throw new CliException(
                    ExitCode.NOT_FOUND,
                    "the user " + Table.text(name) + " has no permissions in any virtual host");
        }
        show(Map.of("items", theirs), () -> ListPermissionsCommand.table(theirs));
        return ExitCode.OK;
    }
}
