package io.mainstay.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;

import java.util.Map;

/// `mainstay status`
@Command(
        name = "status",
        description = "Shows the state of a running node.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay status", "  mainstay status --server http://10.0.0.5:8700 -o json"})
public final class StatusCommand extends AdminCommand {

    @Override
    protected int run(AdminClient client) {
        Object overview = client.get("/overview");
        show(overview, () -> flat(new Table("what", "value"), "", overview));
        return ExitCode.OK;
    }

    /// Every leaf of an answer as a row, so that what a newer node says is shown, too.
    public static Table flat(Table to, String prefix, @Nullable Object value) {
        if (value instanceof Map<?, ?> object && !object.isEmpty()) {
            object.forEach(
                    (name, inner) ->
                            flat(to, prefix.isEmpty() ? "" + name : prefix + "." + name, inner));
            return to;
        }
        return to.row(prefix, value);
    }
}
