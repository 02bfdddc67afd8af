package io.mainstay.cli.user;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.AdminCommand;
import io.mainstay.cli.CliException;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;
import io.mainstay.cli.Table;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// A command on users of a running node.
abstract class UserAdminCommand extends AdminCommand {

    static final String USERS = "/users";

    static String user(String name) {
        return USERS + "/" + AdminClient.segment(name);
    }

    static String token(String name, String label) {
        return user(name) + "/tokens/" + AdminClient.segment(label);
    }

    /// The end of a sentence about a user who is bound to namespaces; empty for one who is not.
    static String where(List<String> namespaces) {
        return namespaces.isEmpty() ? "" : " in " + String.join(", ", namespaces);
    }

    /// Refuses `--quiet` where it would hide a secret that is shown once.
    void mustBeSeen(String secret, String instead) {
        if (quiet()) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--quiet would hide the "
                            + secret
                            + ", which is shown this once; nothing was changed"
                            + instead);
        }
    }

    /// A line about the secret that the node chose, if it did; empty otherwise.
    static String secret(@Nullable Object answer, String field, String what) {
        Object secret = Json.member(answer, field);
        return secret == null ? "" : "\n" + what + ", shown this once: " + Table.text(secret);
    }
}
