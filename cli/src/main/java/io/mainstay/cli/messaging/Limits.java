package io.mainstay.cli.messaging;

import io.mainstay.cli.Json;
import io.mainstay.cli.Table;

import org.jspecify.annotations.Nullable;

/// What the commands on limits of virtual hosts and of users share.
final class Limits {

    static final String OF_VHOSTS = "/messaging/vhost-limits";
    static final String OF_USERS = "/messaging/user-limits";

    private Limits() {}

    /// @param of what is limited, as the items name it
    static Table table(@Nullable Object answer, String of, String title) {
        Table table = new Table(title, "limit", "most");
        for (Object item : Json.list(answer, "items")) {
            table.row(Json.member(item, of), Json.member(item, "limit"), Json.member(item, "most"));
        }
        return table;
    }
}
