package io.mainstay.cli.user;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `mainstay user token add`
@Command(
        name = "add",
        description = "Makes a token and prints it, once.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  mainstay user token add deploy ci --user root",
            "  mainstay user token add deploy ci --replace --user root"
        })
final class AddTokenCommand extends UserAdminCommand {

    @Parameters(index = "0", paramLabel = "USER", description = "Whose token it is.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "LABEL", description = "What it is for.")
    private String label = "";

    @Option(names = "--replace", description = "In place of an older one with that label.")
    private boolean replace;

    @Override
    protected int run(AdminClient client) {
        mustBeSeen("token", "");
        String path = token(name, label);
        Object answer = replace ? client.put(path, null) : client.create(path, null);
        done(answer, "made the token " + label + " of " + name + secret(answer, "token", "Token"));
        return ExitCode.OK;
    }
}
