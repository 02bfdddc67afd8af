package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;

import picocli.CommandLine.Command;

/// `mainstay binding create`
@Command(
        name = "create",
        description = "Binds a queue, or with --to-exchange an exchange, to an exchange.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay binding create events orders --key order.#"})
final class CreateBindingCommand extends BindingCommand {

    @Override
    protected int run(AdminClient client) {
        done(client.post(path("bindings"), binding()), "bound " + ends());
        return ExitCode.OK;
    }
}
