package io.mainstay.cli.user;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.Map;

/// `mainstay user role`
@Command(
        name = "role",
        description = "Changes what a user may do; password and tokens stay.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  mainstay user role ann operator --user root",
            "",
            "ADMIN: everything. OPERATOR: everything but users. VIEWER: reads everything but users.",
            "SERVICE: an application; registers and reads on Eureka's port, and has no part in the admin API.",
            "CLIENT: messaging only."
        })
final class UserRoleCommand extends UserAdminCommand {

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the user.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "ROLE", description = "${COMPLETION-CANDIDATES}.")
    private UserRole role = UserRole.VIEWER;

    @Override
    protected int run(AdminClient client) {
        // Only of a user who is there: a new one needs more than a role.
        client.get(user(name));
        done(client.put(user(name), Map.of("role", role.name())), name + " is " + role + " now");
        return ExitCode.OK;
    }
}
