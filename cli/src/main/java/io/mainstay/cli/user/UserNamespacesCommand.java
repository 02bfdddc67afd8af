package io.mainstay.cli.user;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.CliException;
import io.mainstay.cli.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.Map;

/// `mainstay user namespaces`
@Command(
        name = "namespaces",
        description =
                "Binds a user to namespaces, in place of those it was bound to; it holds at once.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  mainstay user namespaces shop team-a team-b --user root",
            "  mainstay user namespaces shop --all --user root",
            "",
            "A bound user has its rights in these namespaces only. An ADMIN is never bound."
        })
final class UserNamespacesCommand extends UserAdminCommand {

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the user.")
    private String name = "";

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "NAMESPACE",
            description = "What the user is bound to, at most 32.")
    private List<String> namespaces = List.of();

    @Option(names = "--all", description = "Ends the binding: the user reaches all namespaces.")
    private boolean all;

    @Override
    protected int run(AdminClient client) {
        if (all == !namespaces.isEmpty()) {
            throw new CliException(ExitCode.USAGE, "give the namespaces, or --all");
        }
        // Only of a user who is there: a new one needs more than namespaces.
        client.get(user(name));
        done(
                client.put(user(name), Map.of("namespaces", namespaces)),
                all
                        ? name + " reaches all namespaces now"
                        : name + " is bound to " + String.join(", ", namespaces) + " now");
        return ExitCode.OK;
    }
}
