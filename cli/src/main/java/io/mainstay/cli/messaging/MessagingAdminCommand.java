package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.AdminCommand;

import picocli.CommandLine.Option;

import java.util.Map;

/// What commands on messaging share: the virtual host, and paths of the admin API.
abstract class MessagingAdminCommand extends AdminCommand {

    @Option(names = "--vhost", paramLabel = "NAME", description = "The virtual host (default: /).")
    private String vhost = "/";

    /// All of a kind, or a call that has no name.
    final String path(String kind) {
        return "/messaging/" + kind + "?vhost=" + AdminClient.segment(vhost);
    }

    /// One of a kind by its name.
    final String path(String kind, String name) {
        return "/messaging/"
                + kind
                + "/"
                + AdminClient.segment(name)
                + "?vhost="
                + AdminClient.segment(vhost);
    }

    /// Something below one of a kind.
    final String path(String kind, String name, String below) {
        return "/messaging/"
                + kind
                + "/"
                + AdminClient.segment(name)
                + "/"
                + below
                + "?vhost="
                + AdminClient.segment(vhost);
    }

    /// Values as they were typed, with the types that they look like.
    static Map<String, Object> typed(Map<String, String> texts) {
        return TypedValue.of(texts);
    }
}
