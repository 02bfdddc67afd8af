package io.mainstay.cli.user;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.util.LinkedHashMap;
import java.util.Map;

/// `mainstay user password`
@Command(
        name = "password",
        description = "Changes a password: an ADMIN any, others their own. Tokens stay.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  mainstay user password ann --user root             a random one, printed once",
            "  mainstay user password ann --prompt --user ann     one's own",
            "",
            "The password is random and printed once, or that of MAINSTAY_NEW_PASSWORD, or asked for with --prompt."
        })
final class PasswordCommand extends UserAdminCommand {

    @Parameters(paramLabel = "NAME", description = "Name of the user.")
    private String name = "";

    @Mixin private NewPassword password = new NewPassword();

    @Override
    protected int run(AdminClient client) {
        Map<String, Object> body = new LinkedHashMap<>();
        String chosen = password.chosen(name);
        if (chosen != null) {
            body.put("password", chosen);
        } else {
            mustBeSeen("random password", ": set MAINSTAY_NEW_PASSWORD");
        }
        String current = ownPassword(name);
        if (current != null) {
            body.put("current", current);
        }
        Object answer = client.put(user(name) + "/password", body);
        done(answer, "changed the password of " + name + secret(answer, "password", "Password"));
        return ExitCode.OK;
    }
}
