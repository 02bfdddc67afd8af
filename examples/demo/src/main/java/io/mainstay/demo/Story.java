package io.mainstay.demo;

import io.mainstay.testkit.Conditions;
import io.mainstay.testkit.StockService;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/// What happens in the demo, in this order: start, orders, one instance more, one drained, one killed, a consumer of orders
/// killed, the registry killed and started, and a count of every order. On a server without queues orders are calls from
/// service to service, and nothing of messages happens.
final class Story implements AutoCloseable {
    static final int STEPS = 9;
    private static final String SCALED = "inventory";
    private static final String CONSUMER = "payment";
    private static final List<String> PARTS =
            List.of("order", "notification", CONSUMER, CONSUMER, SCALED, SCALED);
    private static final int FIRST_ORDERS = 20;

    /// So many that payments have some in hand when one of them is killed.
    private static final int RUSH = 60;

    private final Progress progress;
    private final Report report;
    private final Registry registry;
    private final Shop shop;
    private final OrderLoad load;
    private final StockService spare;

    private Story(Progress progress, Report report, Registry registry, Shop shop) {
        this.progress = progress;
        this.report = report;
        this.registry = registry;
        this.shop = shop;
        this.spare = openShop();
        this.load = openDoors();
    }

    /// Starts the registry, the shop on it and the orders.
    static Story begin(
            Progress progress,
            Report report,
            Supplier<Registry> start,
            Clients clients,
            Path folder) {
        progress.step("starting the registry");
        double from = progress.seconds();
        Registry registry = start.get();
        progress.seen(
                "%s answers after %.1f s: %s"
                        .formatted(
                                registry.name(), progress.seconds() - from, registry.consoleUrl()));
        Shop shop = new Shop(clients, registry, folder);
        try {
            return new Story(progress, report, registry, shop);
        } catch (RuntimeException | Error e) {
            shop.close();
            registry.close();
            throw e;
        }
    }

    private StockService openShop() {
        progress.step(
                "starting order, notification, two payments and two inventories with "
                        + shop.clients().shown());
        double from = progress.seconds();
        List<StockService> services = PARTS.stream().map(shop::launch).toList();
        services.forEach(StockService::awaitStarted);
        for (StockService client : services) {
            awaitSeen(client, ids(services));
        }
        progress.seen("each sees all six after %.1f s".formatted(progress.seconds() - from));
        return services.getLast();
    }

    private OrderLoad openDoors() {
        progress.step(
                queues()
                        ? "sending orders: order calls inventory by name and sends the order to a queue;"
                                + " payment takes it from there and tells notification"
                        : "sending orders: order calls inventory, payment and notification by name");
        OrderLoad orders = new OrderLoad(shop.running().getFirst().url());
        Conditions.await(
                "the first orders", registry.patience(), () -> orders.done() >= FIRST_ORDERS);
        report.check(
                "the first orders went through",
                orders.failures(0, Long.MAX_VALUE).isEmpty(),
                orders.sent() + " sent, " + orders.done() + " done");
        return orders;
    }

    /// Tells the rest.
    void go() throws IOException, InterruptedException {
        StockService added = add();
        drain(added);
        kill(spare);
        if (queues()) {
            killConsumer();
        }
        killRegistry();
        count();
    }

    private boolean queues() {
        return registry.amqpPort() != 0;
    }

    private StockService add() throws IOException, InterruptedException {
        progress.step("adding a third inventory");
        long fromMs = System.currentTimeMillis();
        StockService added = shop.launch(SCALED);
        // The start of a JVM is nobody's delay: the clock runs from the registration.
        awaitRegistry(added, true);
        long registeredMs = System.currentTimeMillis();
        progress.seen("registered %d ms after its launch".formatted(registeredMs - fromMs));
        Map<String, Long> seen = new TreeMap<>();
        for (StockService client : others(added)) {
            seen.put(
                    client.id(),
                    Math.max(0, awaitSighting(client, added, true, fromMs) - registeredMs));
        }
        changed("a new instance", 0, seen, fromMs, "18 s");
        noFailures("no order failed while an instance was added", fromMs);
        return added;
    }

    private void drain(StockService leaving) throws IOException, InterruptedException {
        progress.step("draining " + leaving.id() + ": out of service, then an ordinary end");
        long fromMs = System.currentTimeMillis();
        registry.overrideStatus(SCALED, leaving.id(), "OUT_OF_SERVICE");
        long registryMs = awaitRegistry(leaving, false) - fromMs;
        Map<String, Long> seen = new TreeMap<>();
        for (StockService client : others(leaving)) {
            seen.put(client.id(), awaitSighting(client, leaving, false, fromMs) - fromMs);
        }
        leaving.process().terminate();
        changed("an instance drained", registryMs, seen, fromMs, "30 s");
        noFailures("no order failed while an instance was drained and ended", fromMs);
    }

    private void kill(StockService victim) throws IOException, InterruptedException {
        progress.step("SIGKILL to " + victim.id() + ": " + shop.clients().death());
        long fromMs = System.currentTimeMillis();
        victim.process().kill();
        long registryMs = awaitRegistry(victim, false) - fromMs;
        Map<String, Long> seen = new TreeMap<>();
        for (StockService client : others(victim)) {
            seen.put(client.id(), awaitSighting(client, victim, false, fromMs) - fromMs);
        }
        long spreadMs = fromMs + seen.values().stream().mapToLong(Long::longValue).max().orElse(0);
        long orders = load.sent();
        Conditions.await("orders after it", registry.patience(), () -> load.sent() > orders + 5);
        changed("an instance killed", registryMs, seen, fromMs, "57 s, 488 orders failed");
        report.check(
                "no order failed once the clients had seen the dead instance go",
                load.failures(spreadMs, Long.MAX_VALUE).isEmpty(),
                load.failures(fromMs, spreadMs).size()
                        + " failed before: the shop does not call again");
    }

    private void killConsumer() throws IOException, InterruptedException {
        StockService victim =
                shop.running().stream()
                        .filter(service -> service.id().startsWith(CONSUMER))
                        .findFirst()
                        .orElseThrow();
        progress.step("SIGKILL to " + victim.id() + " with orders in its hands");
        long fromMs = System.currentTimeMillis();
        load.rush(RUSH);
        Set<Long> taken = load.taken();
        victim.process().kill();
        long killedMs = System.currentTimeMillis();
        Set<Long> open = load.taken();
        open.removeAll(shop.books().entered("paid"));
        long registryMs = awaitRegistry(victim, CONSUMER, false) - killedMs;
        Map<String, Long> seen = new TreeMap<>();
        for (StockService client : others(victim)) {
            seen.put(client.id(), awaitSighting(client, victim, false, fromMs) - killedMs);
        }
        Conditions.await(
                "the other payment to pay them",
                registry.patience(),
                () -> shop.books().entered("paid").containsAll(taken));
        changed("a payment killed", registryMs, seen, fromMs, "-");
        progress.seen(
                "%d orders were open, %d of them in its hands: the other one has paid all"
                        .formatted(open.size(), shop.books().entered("redelivered").size()));
        noFailures("no order failed while a payment was killed", fromMs);
    }

    private void killRegistry() throws IOException, InterruptedException {
        progress.step(
                "SIGKILL to the " + (queues() ? "node: registry and queues at once" : "registry"));
        Set<String> before = registered();
        long fromMs = System.currentTimeMillis();
        registry.killAndStart();
        long backMs = System.currentTimeMillis() - fromMs;
        Set<String> first = registered();
        progress.seen("it answers after %d ms".formatted(backMs));
        report.check(
                "the registry knew every instance in its first answer after the kill",
                first.equals(before),
                first.size() + " of " + before.size());
        // Two leases later every client has fetched again, and a lease that was lost would have
        // ended.
        long orders = load.sent();
        Conditions.await(
                "two leases to pass",
                registry.patience(),
                () -> System.currentTimeMillis() > fromMs + backMs + 6_000 && load.sent() > orders);
        Set<String> gone = new TreeSet<>();
        for (StockService client : shop.running()) {
            for (StockService.Sighting sighting : client.sightings()) {
                if (!sighting.present() && sighting.atMs() >= fromMs) {
                    gone.add(sighting.id() + " at " + client.id());
                }
            }
        }
        report.check(
                "no client lost an instance because of it",
                gone.isEmpty(),
                gone.isEmpty() ? "none was lost" : String.join(", ", gone));
        report.check(
                "every lease was renewed after it",
                registered().equals(before),
                registered().size() + " of " + before.size());
        changed(
                queues() ? "the node killed" : "the registry killed",
                backMs,
                Map.of(),
                fromMs,
                "forgot all four, 109 failed");
        noFailures("no order failed while the registry was away", fromMs);
    }

    /// No more orders come, and those that are there go their way to the end.
    private void count() throws IOException {
        progress.step("counting");
        load.close();
        Set<Long> taken = load.taken();
        if (!queues()) {
            report.orders(load.sent() + " sent, " + taken.size() + " done");
            return;
        }
        Books books = shop.books();
        boolean ended = true;
        try {
            Conditions.await(
                    "the last order to be paid and told of",
                    registry.patience(),
                    () ->
                            books.entered("notified").containsAll(taken)
                                    && books.entered("paid").equals(books.entered("notified")));
        } catch (AssertionError e) {
            ended = false;
        }
        Set<Long> paid = books.entered("paid");
        Set<Long> notified = books.entered("notified");
        report.orders(
                "%d sent, %d taken, %d paid, %d notified"
                        .formatted(load.sent(), taken.size(), paid.size(), notified.size()));
        report.check(
                "every order that was taken is paid, once",
                paid.containsAll(taken),
                "%d of %d; %d were delivered again after the kills, %d of them recognised as paid"
                        .formatted(
                                taken.stream().filter(paid::contains).count(),
                                taken.size(),
                                books.entered("redelivered").size(),
                                books.entered("recognised").size()));
        report.check(
                "every paid order is notified",
                ended && notified.equals(paid),
                notified.size() + " of " + paid.size());
    }

    private void changed(
            String what, long registryMs, Map<String, Long> seen, long fromMs, String stock) {
        long failed = load.failures(fromMs, Long.MAX_VALUE).size();
        Change change = new Change(what, registryMs, seen, failed, stock);
        report.change(change);
        if (!seen.isEmpty()) {
            progress.seen(
                    "registry after %d ms, last client after %d ms"
                            .formatted(registryMs, change.slowestClientMs()));
        }
    }

    private void noFailures(String what, long fromMs) {
        List<OrderLoad.Failure> failures = load.failures(fromMs, Long.MAX_VALUE);
        report.check(
                what,
                failures.isEmpty(),
                failures.isEmpty()
                        ? "0 failed"
                        : failures.size() + " failed, first: " + failures.getFirst().why());
    }

    private long awaitRegistry(StockService service, boolean present) {
        return awaitRegistry(service, SCALED, present);
    }

    private long awaitRegistry(StockService service, String name, boolean present) {
        Conditions.await(
                "the registry to " + (present ? "show " : "drop ") + service.id(),
                registry.patience(),
                () -> registry.up(name).contains(service.id()) == present);
        return System.currentTimeMillis();
    }

    private long awaitSighting(
            StockService client, StockService service, boolean present, long fromMs) {
        return Conditions.value(
                client.id() + " to see " + service.id() + (present ? " come" : " go"),
                registry.patience(),
                () -> {
                    for (StockService.Sighting sighting : client.sightings()) {
                        if (sighting.atMs() >= fromMs
                                && sighting.present() == present
                                && sighting.id().equals(service.id())) {
                            return sighting.atMs();
                        }
                    }
                    return null;
                });
    }

    private void awaitSeen(StockService client, Set<String> ids) {
        Conditions.await(
                client.id() + " to see " + ids,
                registry.patience(),
                () -> client.sees().containsAll(ids));
    }

    private Set<String> registered() throws IOException, InterruptedException {
        Set<String> all = new TreeSet<>();
        for (String service : new TreeSet<>(PARTS)) {
            all.addAll(registry.up(service));
        }
        return all;
    }

    private List<StockService> others(StockService one) {
        return shop.running().stream().filter(service -> service != one).toList();
    }

    private static Set<String> ids(List<StockService> services) {
        Set<String> ids = new TreeSet<>();
        services.forEach(service -> ids.add(service.id()));
        return ids;
    }

    /// Where everything is, for somebody who wants to look around.
    void describe(PrintStream out) {
        out.printf(
                "%n%s: %s   clients: %s%n",
                registry.name(), registry.consoleUrl(), registry.eurekaUrl());
        for (StockService service : shop.running()) {
            out.printf(
                    "  %-22s %s/sightings   pid %d%n",
                    service.id(), service.url(), service.process().pid());
        }
        out.println("Orders go on. Ctrl-C ends everything.");
        out.flush();
    }

    @Override
    public void close() {
        load.close();
        shop.close();
        registry.close();
    }
}
