package io.mainstay.cli.user;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;
import io.mainstay.cli.Table;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `mainstay user add`
@Command(
        name = "add",
        description =
                "Adds a user. The first one is an ADMIN and closes the node to everybody else.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  mainstay user add root                                the first user",
            "  mainstay user add orders --role service --user root   for an application",
            "  mainstay user add shop --role service --namespace team-a --user root",
            "  MAINSTAY_NEW_PASSWORD=... mainstay user add ann --role viewer --user root",
            "",
            "The password is random and printed once, or that of MAINSTAY_NEW_PASSWORD, or asked for with --prompt."
        })
final class AddUserCommand extends UserAdminCommand {

    @Parameters(paramLabel = "NAME", description = "Name of the new user.")
    private String name = "";

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            description = "${COMPLETION-CANDIDATES}; the first user is an ADMIN.")
    private @Nullable UserRole role;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description =
                    "Binds the user to this namespace; give it again for more. Without it the user reaches all.")
    private List<String> namespaces = List.of();

    @Mixin private NewPassword password = new NewPassword();

    @Override
    protected int run(AdminClient client) {
        Map<String, Object> body = new LinkedHashMap<>();
        if (role != null) {
            body.put("role", role.name());
        }
        if (!namespaces.isEmpty()) {
            body.put("namespaces", namespaces);
        }
        String chosen = password.chosen(name);
        if (chosen != null) {
            body.put("password", chosen);
        } else {
            mustBeSeen("random password", ": set MAINSTAY_NEW_PASSWORD");
        }
        Object answer = client.create(user(name), body);
        done(
                answer,
                "added "
                        + name
                        + " as "
                        + Table.text(Json.member(answer, "role"))
                        + where(namespaces)
                        + secret(answer, "password", "Password")
                        + first(answer));
        return ExitCode.OK;
    }

    private String first(@Nullable Object answer) {
        return Boolean.TRUE.equals(Json.member(answer, "first"))
                ? "\nFrom now on the node wants credentials on all ports: --user "
                        + name
                        + " with MAINSTAY_PASSWORD here,\nhttp://NAME:PASSWORD@host:8761/eureka in Eureka clients (add a user with --role service for them)."
                : "";
    }
}
