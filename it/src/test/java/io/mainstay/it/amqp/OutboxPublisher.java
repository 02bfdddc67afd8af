package io.mainstay.it.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConnectionFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeoutException;

import javax.sql.DataSource;

/// Publishes the rows of a table `outbox (id bigint auto_increment primary key, body varchar, sent boolean)` that are not sent, in their order, and marks them
/// when they are confirmed. It may be stopped at any moment: what is not marked is sent again, with the same number. The recipe of `docs/guides/exactly-once.md`.
final class OutboxPublisher {

    /// Rows that are sent before their confirms are waited for; fewer than 4,096.
    private static final int BATCH = 500;

    private static final long CONFIRM_MS = 30_000;

    private final DataSource database;
    private final ConnectionFactory broker;
    private final String exchange;

    /// The same for as long as the table lives: its ids are the numbers of this publisher.
    private final String publisher;

    private record Row(long id, String body) {}

    OutboxPublisher(
            DataSource database, ConnectionFactory broker, String exchange, String publisher) {
        this.database = database;
        this.broker = broker;
        this.exchange = exchange;
        this.publisher = publisher;
    }

    /// Returns when all that was there is sent and confirmed.
    ///
    /// @throws IOException or another exception if the broker cannot be reached or did not confirm: then call it again
    void publishAll() throws IOException, TimeoutException, InterruptedException, SQLException {
        try (var connection = broker.newConnection("outbox of " + publisher);
                Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            for (List<Row> rows = unsent(); !rows.isEmpty(); rows = unsent()) {
                for (Row row : rows) {
                    publish(channel, row);
                }
                channel.waitForConfirmsOrDie(CONFIRM_MS);
                markAsSent(rows);
            }
        }
    }

    private void publish(Channel channel, Row row) throws IOException {
        BasicProperties properties =
                new BasicProperties.Builder()
                        .deliveryMode(2)
                        .messageId(messageId(row))
                        .headers(
                                Map.of(
                                        "x-deduplication-publisher",
                                        publisher,
                                        "x-deduplication-sequence",
                                        row.id))
                        .build();
        channel.basicPublish(exchange, "", properties, row.body.getBytes(StandardCharsets.UTF_8));
    }

    /// The same whenever the row is sent, for those who consume it.
    private String messageId(Row row) {
        String name = publisher + " " + row.id;
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private List<Row> unsent() throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement query =
                        connection.prepareStatement(
                                "select id, body from outbox where not sent order by id limit ?")) {
            query.setInt(1, BATCH);
            try (ResultSet found = query.executeQuery()) {
                while (found.next()) {
                    rows.add(new Row(found.getLong(1), found.getString(2)));
                }
            }
        }
        return rows;
    }

    private void markAsSent(List<Row> rows) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement update =
                        connection.prepareStatement("update outbox set sent = true where id = ?")) {
            for (Row row : rows) {
                update.setLong(1, row.id);
                update.addBatch();
            }
            update.executeBatch();
        }
    }
}
