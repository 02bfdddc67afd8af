package io.mainstay.server.command;

import io.mainstay.cli.AdminCommand.Form;
import io.mainstay.cli.CliException;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;
import io.mainstay.cli.user.NewPassword;
import io.mainstay.kernel.journal.Journal.DamagedJournalException;
import io.mainstay.server.config.NodeConfig;
import io.mainstay.server.node.FirstUser;
import io.mainstay.server.node.Logs;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/// `mainstay user init`: on the data directory, not on a running node.
@Command(
        name = "init",
        description =
                "Makes the first user, an admin, in the data directory of a node that does not run.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  mainstay user init --data /var/lib/mainstay",
            "  MAINSTAY_NEW_PASSWORD=... mainstay user init --if-none --data /data   in a container, before the node",
            "  mainstay user init --reset --data /var/lib/mainstay     the password of admin was lost",
            "",
            "The password is random and printed once, or that of MAINSTAY_NEW_PASSWORD, or asked for with --prompt."
        })
public final class FirstUserCommand implements Callable<Integer> {

    @Mixin private ConfigOptions options = new ConfigOptions();
    @Mixin private NewPassword password = new NewPassword();

    @Parameters(
            arity = "0..1",
            paramLabel = "NAME",
            defaultValue = "admin",
            description = "Name of the admin (default admin).")
    private String name = "";

    @Option(names = "--if-none", description = "Does nothing, successfully, if there are users.")
    private boolean ifNone;

    @Option(
            names = "--reset",
            description = "Also if there are users: NAME becomes an admin with a new password.")
    private boolean reset;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            defaultValue = "table",
            description = "Form of the output: ${COMPLETION-CANDIDATES} (default table).")
    private Form form = Form.TABLE;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        if (ifNone && reset) {
            throw new CliException(ExitCode.USAGE, "--if-none and --reset exclude each other");
        }
        NodeConfig config = options.load();
        Logs.configure(false, "warn");
        String chosen = password.chosen(name);
        FirstUser.Made made;
        try {
            made = FirstUser.make(config, name, chosen, reset);
        } catch (DamagedJournalException damaged) {
            throw JournalCommand.damaged(damaged, config);
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
        }
        if (made.password().isEmpty()) {
            return thereAreUsers(made.users());
        }
        tell(made, chosen == null);
        return ExitCode.OK;
    }

    private int thereAreUsers(int users) {
        if (ifNone) {
            return ExitCode.OK;
        }
        throw new CliException(
                ExitCode.CONFLICT,
                "there are users already ("
                        + users
                        + "): ask one of the admins, or give --reset to make "
                        + name
                        + " an admin with a new password");
    }

    private void tell(FirstUser.Made made, boolean random) {
        CommandSpec present = spec;
        if (present == null) {
            return;
        }
        PrintWriter out = present.commandLine().getOut();
        if (form == Form.JSON) {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("name", name);
            answer.put("role", "ADMIN");
            if (random) {
                answer.put("password", made.password());
            }
            out.println(Json.write(answer));
        } else {
            out.println("The user " + name + " is an ADMIN.");
            if (random) {
                out.println("Password, shown this once: " + made.password());
            }
        }
        out.flush();
    }
}
