package io.mainstay.it.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

import javax.sql.DataSource;

/// Handles each message once, however often it is delivered: its id and what it changes are one transaction of the consumer's own database, with a table
/// `handled (message_id varchar primary key, at timestamp)`. The recipe of `docs/guides/exactly-once.md`.
final class OnceConsumer extends DefaultConsumer {

    private final DataSource database;
    private final Work work;

    /// What a message does, in the transaction that it is given.
    interface Work {
        void run(Connection transaction, String body) throws SQLException;
    }

    OnceConsumer(Channel channel, DataSource database, Work work) {
        super(channel);
        this.database = database;
        this.work = work;
    }

    @Override
    public void handleDelivery(
            String tag, Envelope envelope, BasicProperties properties, byte[] body) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            if (isNew(connection, properties.getMessageId())) {
                work.run(connection, new String(body, StandardCharsets.UTF_8));
            }
            connection.commit();
        } catch (SQLException failed) {
            settle(() -> getChannel().basicNack(envelope.getDeliveryTag(), false, true));
            return;
        }
        settle(() -> getChannel().basicAck(envelope.getDeliveryTag(), false));
    }

    private interface Settlement {
        void run() throws IOException;
    }

    private static void settle(Settlement settlement) {
        try {
            settlement.run();
        } catch (IOException | AlreadyClosedException lost) {
            // It comes again, to whoever consumes then, and is known if it was handled.
        }
    }

    /// False if it is handled already. If another consumer handles it at this moment, one of the two fails, and the message comes again.
    private static boolean isNew(Connection connection, String messageId) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "insert into handled select ?, current_timestamp"
                                + " where not exists (select 1 from handled where message_id = ?)")) {
            insert.setString(1, messageId);
            insert.setString(2, messageId);
            return insert.executeUpdate() == 1;
        }
    }
}
