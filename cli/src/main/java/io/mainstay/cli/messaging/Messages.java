package io.mainstay.cli.messaging;

import io.mainstay.cli.Json;
import io.mainstay.cli.Table;

import org.jspecify.annotations.Nullable;

/// Messages as a table.
final class Messages {

    private Messages() {}

    static Table table(@Nullable Object answer) {
        Table table = new Table("exchange", "routing key", "redelivered", "bytes", "payload");
        for (Object message : Json.list(answer, "items")) {
            table.row(
                    Json.member(message, "exchange"),
                    Json.member(message, "routingKey"),
                    Json.member(message, "redelivered"),
                    Json.member(message, "bytes"),
                    Json.member(message, "payload"));
        }
        return table;
    }
}
