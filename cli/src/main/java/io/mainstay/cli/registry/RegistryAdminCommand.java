package io.mainstay.cli.registry;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.AdminCommand;

import picocli.CommandLine.Option;

/// A command on one namespace of the registry.
abstract class RegistryAdminCommand extends AdminCommand {

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            defaultValue = "default",
            description = "The namespace (default: default).")
    private String namespace = "default";

    final String services() {
        return "/registry/services" + query();
    }

    final String service(String service) {
        return "/registry/services/" + AdminClient.segment(service) + query();
    }

    final String instance(String service, String id) {
        return "/registry/instances/"
                + AdminClient.segment(service)
                + "/"
                + AdminClient.segment(id)
                + query();
    }

    final String status(String service, String id) {
        return "/registry/instances/"
                + AdminClient.segment(service)
                + "/"
                + AdminClient.segment(id)
                + "/status"
                + query();
    }

    /// @param service empty for all
    final String subscribers(String service, int limit) {
        return "/registry/subscribers"
                + query()
                + "&limit="
                + limit
                + (service.isEmpty() ? "" : "&service=" + AdminClient.segment(service));
    }

    final String query() {
        return "?namespace=" + AdminClient.segment(namespace);
    }
}
