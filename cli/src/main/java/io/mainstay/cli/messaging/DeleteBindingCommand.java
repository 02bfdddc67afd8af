package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;

import picocli.CommandLine.Command;

/// `mainstay binding delete`
@Command(
        name = "delete",
        description = "Removes a binding; one that is not there is no error.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay binding delete events orders --key order.#"})
final class DeleteBindingCommand extends BindingCommand {

    @Override
    protected int run(AdminClient client) {
        done(client.post(path("bindings/remove"), binding()), "unbound " + ends());
        return ExitCode.OK;
    }
}
