package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.LinkedHashMap;
import java.util.Map;

/// `mainstay permission create`
@Command(
        name = "create",
        description =
                "Sets what a user may do in a virtual host. Patterns are regular expressions for names; one that is not given allows nothing.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay permission create app --configure ^app --write .* --read .*"})
final class CreatePermissionCommand extends MessagingAdminCommand {

    @Parameters(index = "0", paramLabel = "USER", description = "Name of the user.")
    private String user = "";

    @Option(
            names = "--configure",
            paramLabel = "PATTERN",
            description = "What may be declared and deleted.")
    private String configure = "";

    @Option(names = "--write", paramLabel = "PATTERN", description = "What may be published to.")
    private String write = "";

    @Option(names = "--read", paramLabel = "PATTERN", description = "What may be consumed.")
    private String read = "";

    @Override
    protected int run(AdminClient client) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("configure", configure);
        body.put("write", write);
        body.put("read", read);
        done(
                client.put(path("permissions", user), body),
                "the permission of " + user + " is there");
        return ExitCode.OK;
    }
}
