package io.mainstay.cli.user;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.AdminCommand;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;
import io.mainstay.cli.Table;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.Map;

/// `mainstay user`: who may use a node. The node makes passwords and tokens; each is shown once.
@Command(
        name = "user",
        description = "Users of the node.",
        subcommands = {
            UserCommand.Add.class,
            UserCommand.Listing.class,
            UserCommand.Remove.class,
            UserCommand.Password.class,
            UserCommand.Token.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay user add alice", "  mainstay user list"})
public final class UserCommand {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;

    /// A command on one user.
    abstract static class OfUser extends AdminCommand {
        @Parameters(paramLabel = "NAME", description = "Name of the user.")
        String name = "";

        final String path() {
            return "/users/" + AdminClient.segment(name);
        }

        /// Prints what the node shows only once.
        final void secret(@Nullable Object answer, String member, String sentence) {
            Object secret = Json.member(answer, member);
            done(answer, secret == null ? sentence : sentence + "\n" + member + ": " + secret);
        }
    }

    /// `mainstay user add`
    @Command(
            name = "add",
            description = "Adds a user and prints its password, once.",
            footerHeading = "%nExamples:%n",
            footer = {"  mainstay user add alice", "  mainstay user add prometheus --role viewer"})
    static final class Add extends OfUser {
        @Option(
                names = "--role",
                paramLabel = "ROLE",
                defaultValue = "admin",
                description = "What the user may do (default admin).")
        private String role = "admin";

        @Override
        protected int run(AdminClient client) {
            Object answer = client.post("/users", Map.of("name", name, "role", role));
            secret(answer, "password", "added " + name);
            return ExitCode.OK;
        }
    }

    /// `mainstay user list`
    @Command(
            name = "list",
            description = "Lists the users.",
            footerHeading = "%nExamples:%n",
            footer = {"  mainstay user list -o json"})
    static final class Listing extends AdminCommand {
        @Override
        protected int run(AdminClient client) {
            Object answer = client.get("/users");
            show(
                    answer,
                    () -> {
                        Table table = new Table("name", "role");
                        for (Object user : Json.list(answer, "users")) {
                            table.row(Json.member(user, "name"), Json.member(user, "role"));
                        }
                        return table;
                    });
            return ExitCode.OK;
        }
    }

    /// `mainstay user remove`
    @Command(
            name = "remove",
            description = "Removes a user; its tokens end with it.",
            footerHeading = "%nExamples:%n",
            footer = {"  mainstay user remove alice --yes"})
    static final class Remove extends OfUser {
        @Option(names = "--yes", description = "Does not ask.")
        private boolean yes;

        @Override
        protected int run(AdminClient client) {
            confirm(yes, "This removes the user " + name + ".");
            done(client.delete(path()), "removed " + name);
            return ExitCode.OK;
        }
    }

    /// `mainstay user password`
    @Command(
            name = "password",
            description = "Gives a user a new password and prints it, once.",
            footerHeading = "%nExamples:%n",
            footer = {"  mainstay user password alice"})
    static final class Password extends OfUser {
        @Override
        protected int run(AdminClient client) {
            Object answer = client.post(path() + "/password", null);
            secret(answer, "password", "changed the password of " + name);
            return ExitCode.OK;
        }
    }

    /// `mainstay user token`
    @Command(
            name = "token",
            description = "Makes a token for the admin API and prints it, once.",
            footerHeading = "%nExamples:%n",
            footer = {"  mainstay user token alice"})
    static final class Token extends OfUser {
        @Override
        protected int run(AdminClient client) {
            Object answer = client.post(path() + "/token", null);
            secret(answer, "token", "made a token of " + name);
            return ExitCode.OK;
        }
    }
}
