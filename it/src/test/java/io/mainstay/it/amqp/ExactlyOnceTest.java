package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConnectionFactory;

import io.mainstay.testkit.Conditions;
import io.mainstay.testkit.NodeProcess;

import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import javax.sql.DataSource;

/// An outbox, a queue and a consumer with its own table, and SIGKILL of the node in between: each row is in the queue once and in order, although many are
/// sent again, and does its work once, although some are delivered again.
class ExactlyOnceTest {

    private static final int KILLS = Boolean.getBoolean("mainstay.long") ? 30 : 2;
    private static final int ROWS = KILLS * 3_000;
    private static final String EXCHANGE = "orders";
    private static final String TO_BE_HANDLED = "to-be-handled";
    private static final String KEPT = "kept";
    private static final Pattern DUPLICATES = Pattern.compile("\"duplicates\":(\\d+)");

    @TempDir Path folder;

    @Test
    void eachRowIsInTheQueueOnceAndDoesItsWorkOnce() throws Exception {
        assumeTrue(System.getProperty(Broker.ADDRESS, "").isEmpty(), "only our own node is killed");
        long seed = Long.getLong("mainstay.seed", System.nanoTime());
        Random random = new Random(seed);
        DataSource database = database();
        try (NodeProcess node = NodeProcess.start(folder)) {
            ConnectionFactory broker = Broker.of(node).factory();
            declare(broker);
            Thread publisher = Thread.ofPlatform().start(() -> publish(broker, database));
            Thread consumer = Thread.ofPlatform().start(() -> consume(broker, database));
            for (int kill = 1; kill <= KILLS; kill++) {
                long sent = (long) (kill - 1) * ROWS / KILLS + random.nextInt(ROWS / KILLS / 2);
                Conditions.await(
                        sent + " rows sent (seed " + seed + ")",
                        Amqp.SOON,
                        () -> number(database, "select count(*) from outbox where sent") >= sent);
                node.kill();
                node.startAgain();
            }
            publisher.join();
            Conditions.await(
                    "all of it handled (seed " + seed + ")",
                    Amqp.SOON,
                    () -> number(database, "select count(*) from handled") == ROWS);
            consumer.interrupt();
            consumer.join();
            assertThat(number(database, "select orders from totals")).isEqualTo(ROWS);
            assertThat(kept(broker))
                    .as("seed %d", seed)
                    .isEqualTo(IntStream.rangeClosed(1, ROWS).mapToObj(i -> "order " + i).toList());
            sendSomeAgain(broker, database);
            assertThat(duplicates(node)).isGreaterThanOrEqualTo(100);
        }
    }

    private static DataSource database() throws SQLException {
        JdbcDataSource source = new JdbcDataSource();
        source.setUrl("jdbc:h2:mem:exactly-once;DB_CLOSE_DELAY=-1");
        run(
                source,
                "create table outbox (id bigint auto_increment primary key, body varchar, sent boolean default false)");
        run(source, "create table handled (message_id varchar primary key, at timestamp)");
        run(source, "create table totals (orders bigint)");
        run(source, "insert into totals values (0)");
        run(
                source,
                "insert into outbox (body) select 'order ' || x from system_range(1, %d)"
                        .formatted(ROWS));
        return source;
    }

    private static void declare(ConnectionFactory broker) throws Exception {
        try (var connection = broker.newConnection();
                Channel channel = connection.createChannel()) {
            channel.exchangeDeclare(EXCHANGE, "fanout", true);
            for (String queue : List.of(TO_BE_HANDLED, KEPT)) {
                channel.queueDeclare(queue, true, false, false, null);
                channel.queueBind(queue, EXCHANGE, "");
            }
        }
    }

    /// As an application does that is started again whenever it ends.
    private static void publish(ConnectionFactory broker, DataSource database) {
        OutboxPublisher publisher = new OutboxPublisher(database, broker, EXCHANGE, "shop");
        while (number(database, "select count(*) from outbox where not sent") > 0) {
            try {
                publisher.publishAll();
            } catch (IOException | TimeoutException | RuntimeException again) {
                pause();
            } catch (SQLException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void consume(ConnectionFactory broker, DataSource database) {
        while (!Thread.currentThread().isInterrupted()) {
            try (var connection = broker.newConnection();
                    Channel channel = connection.createChannel()) {
                channel.basicQos(100);
                channel.basicConsume(
                        TO_BE_HANDLED,
                        false,
                        new OnceConsumer(
                                channel, database, (transaction, body) -> count(transaction)));
                CountDownLatch closed = new CountDownLatch(1);
                channel.addShutdownListener(cause -> closed.countDown());
                closed.await();
            } catch (InterruptedException end) {
                return;
            } catch (IOException | TimeoutException | RuntimeException again) {
                pause();
            }
        }
    }

    /// Until the next try, so that the node has the processor while it starts; not if the thread is interrupted.
    private static void pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }

    private static void count(Connection transaction) throws SQLException {
        try (var update = transaction.prepareStatement("update totals set orders = orders + 1")) {
            update.executeUpdate();
        }
    }

    private static List<String> kept(ConnectionFactory broker) throws Exception {
        try (var connection = broker.newConnection();
                Channel channel = connection.createChannel()) {
            return Amqp.drain(channel, KEPT);
        }
    }

    /// Its marks are lost, as with a backup of the database that is restored.
    private static void sendSomeAgain(ConnectionFactory broker, DataSource database)
            throws Exception {
        run(database, "update outbox set sent = false where id > %d".formatted(ROWS - 100));
        new OutboxPublisher(database, broker, EXCHANGE, "shop").publishAll();
        assertThat(kept(broker)).isEmpty();
    }

    private static long duplicates(NodeProcess node) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create(node.httpUrl() + "/api/v1/messaging/queues/" + KEPT))
                        .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            String answer = client.send(request, BodyHandlers.ofString()).body();
            Matcher found = DUPLICATES.matcher(answer);
            assertThat(found.find()).as(answer).isTrue();
            return Long.parseLong(found.group(1));
        }
    }

    private static void run(DataSource database, String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long number(DataSource database, String sql) {
        try (Connection connection = database.getConnection();
                var statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            found.next();
            return found.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
