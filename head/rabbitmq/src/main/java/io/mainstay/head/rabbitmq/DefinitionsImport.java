package io.mainstay.head.rabbitmq;

import io.mainstay.access.api.AccessOutcome;
import io.mainstay.access.api.UserSecret;
import io.mainstay.access.api.UserTags;
import io.mainstay.messaging.api.ExchangeView;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.TopologyOutcome;
import io.mainstay.messaging.api.VhostView;
import io.mainstay.messaging.message.FieldTable;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/// Takes definitions in, in the order in which they need one another: users, virtual hosts, permissions, parameters, policies, exchanges, queues,
/// bindings. Everything is read before anything is changed, so a file of the wrong form changes nothing. Then each item is tried; one that is refused
/// does not keep the others back. What is there already under its name stays as it is, as at RabbitMQ.
final class DefinitionsImport {

    private static final Logger LOG = LoggerFactory.getLogger(DefinitionsImport.class);

    /// Changes under way at a time: they share the proposals, and the fsyncs, of the raft group.
    private static final int WIDTH = 64;

    /// Sentences in an answer; the log has them all.
    private static final int MAX_TOLD = 20;

    private final Services services;
    private final Caller caller;
    private final Executor loop;
    private final @Nullable String only;
    private final List<List<Item>> sections = new ArrayList<>();
    private final List<String> notes = Collections.synchronizedList(new ArrayList<>());
    private final List<String> failures = Collections.synchronizedList(new ArrayList<>());

    /// @param work completes with what was wrong, empty: nothing
    /// @param early to be done before others of its section
    private record Item(String what, boolean early, Supplier<CompletableFuture<String>> work) {
        Item(String what, Supplier<CompletableFuture<String>> work) {
            this(what, false, work);
        }
    }

    /// What became of it.
    ///
    /// @param items how many there were
    /// @param notes what was left out or is otherwise here
    /// @param failures what was refused
    record Result(int items, List<String> notes, List<String> failures) {

        void log() {
            for (String note : notes) {
                LOG.warn("Definitions: {}", Audit.printable(note));
            }
            for (String failure : failures) {
                LOG.warn("Definitions: refused: {}", Audit.printable(failure));
            }
        }

        String told(List<String> sentences) {
            String told =
                    String.join("; ", sentences.subList(0, Math.min(MAX_TOLD, sentences.size())));
            int more = sentences.size() - MAX_TOLD;
            return more <= 0 ? told : told + "; and " + more + " more, see the node's log";
        }
    }

    /// @param only the virtual host that everything goes into, `null`: as the items say
    private DefinitionsImport(
            Services services, Caller caller, Executor loop, @Nullable String only) {
        this.services = services;
        this.caller = caller;
        this.loop = loop;
        this.only = only;
    }

    /// @param loop goes on with the work
    /// @throws RefusedException if the form is wrong; nothing was changed then
    static CompletableFuture<Result> run(
            Services services, Caller caller, Executor loop, Body body, @Nullable String only)
            throws RefusedException {
        DefinitionsImport work = new DefinitionsImport(services, caller, loop, only);
        work.read(body);
        return work.run();
    }

    private interface Reader {
        @Nullable Item read(Body item) throws RefusedException;
    }

    private void read(Body body) throws RefusedException {
        if (only == null) {
            List<Item> users = items(body, "users", this::user);
            // An administrator first: others cannot be made without one.
            users.sort((a, b) -> Boolean.compare(b.early(), a.early()));
            sections.add(users);
            sections.add(items(body, "vhosts", this::vhost));
            sections.add(items(body, "permissions", this::permission));
            sections.add(items(body, "topic_permissions", this::topicPermission));
            items(body, "global_parameters", this::globalParameter);
        }
        sections.add(items(body, "parameters", this::parameter));
        sections.add(items(body, "policies", item -> policy(item, item, false)));
        sections.add(items(body, "exchanges", this::exchange));
        sections.add(items(body, "queues", this::queue));
        sections.add(items(body, "bindings", this::binding));
    }

    private List<Item> items(Body body, String name, Reader reader) throws RefusedException {
        JsonNode list = body.node(name);
        List<Item> items = new ArrayList<>();
        if (list == null) {
            return items;
        }
        if (!list.isArray()) {
            throw Body.wrong(name, list, "a list");
        }
        for (JsonNode one : list) {
            if (!(one instanceof ObjectNode object)) {
                throw Body.wrong(name, one, "objects");
            }
            Item item;
            try {
                item = reader.read(new Body(object));
            } catch (RefusedException refused) {
                throw RefusedException.bad(
                        "%s[%d]: %s".formatted(name, items.size(), refused.reason()));
            }
            if (item != null) {
                items.add(item);
            }
        }
        return items;
    }

    private String vhostOf(Body item) throws RefusedException {
        return only == null ? item.needed("vhost") : only;
    }

    private Item user(Body item) throws RefusedException {
        String name = item.needed("name");
        List<String> tags = UserBody.tags(item);
        UserSecret secret = UserBody.secret(item);
        List<TopologyChange> limits = LimitCalls.ofUser(name, item.node("limits"));
        boolean admin = tags.contains(UserTags.ADMINISTRATOR);
        return new Item(
                "user " + name,
                admin,
                () ->
                        UserCalls.put(services, name, tags, secret, limits)
                                .thenApply(DefinitionsImport::wrong));
    }

    private static String wrong(AccessOutcome outcome) {
        return switch (outcome) {
            case AccessOutcome.Done done -> "";
            case AccessOutcome.NotFound notFound -> "it is not there";
            case AccessOutcome.Refused refused -> refused.why();
            case AccessOutcome.Unknown unknown -> unknown.why();
        };
    }

    private Item vhost(Body item) throws RefusedException {
        String name = item.needed("name");
        String type = item.text("default_queue_type", "undefined");
        if (!type.equals("undefined") && !type.equals("classic") && !type.equals("null")) {
            notes.add(
                    "virtual host %s has the default queue type %s, here queues are classic unless they say otherwise"
                            .formatted(name, type));
        }
        String description = item.text("description", "");
        List<TopologyChange> limits = LimitCalls.ofVhost(name, item.node("limits"));
        return new Item(
                "virtual host " + name,
                () ->
                        (services.view().vhost(name) != null && description.isEmpty()
                                        ? good()
                                        : change(new TopologyChange.PutVhost(name, description)))
                                .thenCompose(wrong -> wrong.isEmpty() ? all(limits) : bad(wrong)));
    }

    private static CompletableFuture<String> bad(String wrong) {
        return CompletableFuture.completedFuture(wrong);
    }

    /// One after the other; the first that is refused ends it.
    private CompletableFuture<String> all(List<TopologyChange> changes) {
        CompletableFuture<String> all = good();
        for (TopologyChange change : changes) {
            all = all.thenCompose(wrong -> wrong.isEmpty() ? change(change) : bad(wrong));
        }
        return all;
    }

    private static CompletableFuture<String> good() {
        return CompletableFuture.completedFuture("");
    }

    private CompletableFuture<String> change(TopologyChange change) {
        return services.messaging()
                .topology()
                .change(change)
                .thenApply(
                        outcome ->
                                switch (outcome) {
                                    case TopologyOutcome.Done done -> "";
                                    case TopologyOutcome.Refused refused -> refused.message();
                                    case TopologyOutcome.Unknown unknown -> unknown.message();
                                });
    }

    private Item changed(String what, TopologyChange change) {
        return new Item(what, () -> change(change));
    }

    private Item permission(Body item) throws RefusedException {
        String user = item.needed("user");
        String vhost = item.needed("vhost");
        return changed(
                "permissions of %s in %s".formatted(user, vhost),
                new TopologyChange.PutPermission(
                        user,
                        vhost,
                        item.needed("configure"),
                        item.needed("write"),
                        item.needed("read")));
    }

    private Item topicPermission(Body item) throws RefusedException {
        String user = item.needed("user");
        String vhost = item.needed("vhost");
        return changed(
                "topic permissions of %s in %s".formatted(user, vhost),
                new TopologyChange.PutTopicPermission(
                        user,
                        vhost,
                        item.text("exchange", ""),
                        item.needed("write"),
                        item.needed("read")));
    }

    private @Nullable Item globalParameter(Body item) throws RefusedException {
        String name = item.needed("name");
        if (!name.equals("internal_cluster_id") && !name.equals("cluster_name")) {
            notes.add("global parameter " + name + " is not kept");
        }
        return null;
    }

    private @Nullable Item parameter(Body item) throws RefusedException {
        String component = item.needed("component");
        JsonNode value = item.node("value");
        if ((component.equals(ParameterCalls.OPERATOR_POLICY) || component.equals("policy"))
                && value instanceof ObjectNode object) {
            return policy(item, new Body(object), component.equals(ParameterCalls.OPERATOR_POLICY));
        }
        if (component.equals(ParameterCalls.VHOST_LIMITS)) {
            String vhost = vhostOf(item);
            List<TopologyChange> limits = LimitCalls.ofVhost(vhost, value);
            return new Item("limits of virtual host " + vhost, () -> all(limits));
        }
        notes.add(
                "parameter %s of component %s is not kept: it has no counterpart here"
                        .formatted(item.text("name", ""), component));
        return null;
    }

    private Item policy(Body item, Body value, boolean operator) throws RefusedException {
        String vhost = vhostOf(item);
        String name = item.needed("name");
        return changed(
                "policy %s of %s".formatted(name, vhost),
                PolicyCalls.change(vhost, name, value, operator));
    }

    private Item exchange(Body item) throws RefusedException {
        String vhost = vhostOf(item);
        String name = item.needed("name");
        TopologyChange.DeclareExchange declared =
                new TopologyChange.DeclareExchange(
                        vhost,
                        name,
                        item.text("type", "direct"),
                        item.truth("durable", true),
                        item.truth("auto_delete", false),
                        item.truth("internal", false),
                        item.table("arguments"));
        String what = "exchange %s of %s".formatted(name, vhost);
        return new Item(
                what,
                () -> {
                    VhostView in = services.view().vhost(vhost);
                    ExchangeView there = in == null ? null : in.exchange(name);
                    if (there == null) {
                        return change(declared);
                    }
                    if (!there.type().equals(declared.type())
                            || there.durable() != declared.durable()
                            || !same(there.arguments(), declared.arguments())) {
                        notes.add(what + " is there with other properties and stays so");
                    }
                    return good();
                });
    }

    private Item queue(Body item) throws RefusedException {
        String vhost = vhostOf(item);
        String name = item.needed("name");
        FieldTable arguments = item.table("arguments");
        String type = item.text("type");
        if (type != null && arguments.get("x-queue-type") == null && !type.equals("classic")) {
            arguments = arguments.with("x-queue-type", type);
        }
        TopologyChange.DeclareQueue declared =
                new TopologyChange.DeclareQueue(
                        vhost,
                        name,
                        item.truth("durable", true),
                        item.truth("auto_delete", false),
                        "",
                        arguments);
        String what = "queue %s of %s".formatted(name, vhost);
        return new Item(
                what,
                () -> {
                    VhostView in = services.view().vhost(vhost);
                    QueueView there = in == null ? null : in.queue(name);
                    if (there == null) {
                        return change(declared);
                    }
                    if (there.durable() != declared.durable()
                            || !same(there.arguments(), declared.arguments())) {
                        notes.add(what + " is there with other properties and stays so");
                    }
                    return good();
                });
    }

    /// As JSON sees them: numbers of other widths are the same.
    private static boolean same(FieldTable left, FieldTable right) {
        return FieldTables.json(left).toString().equals(FieldTables.json(right).toString());
    }

    private Item binding(Body item) throws RefusedException {
        String vhost = vhostOf(item);
        String source = item.needed("source");
        String destination = item.needed("destination");
        boolean toExchange = item.text("destination_type", "queue").equals("exchange");
        return changed(
                "binding from %s to %s of %s".formatted(source, destination, vhost),
                new TopologyChange.Bind(
                        vhost,
                        source,
                        destination,
                        toExchange,
                        item.text("routing_key", ""),
                        item.table("arguments")));
    }

    private CompletableFuture<Result> run() {
        int items = sections.stream().mapToInt(List::size).sum();
        CompletableFuture<Void> all = CompletableFuture.completedFuture(null);
        boolean first = true;
        for (List<Item> section : sections) {
            // The first user decides whether there are others: one after the other.
            int width = first && only == null ? 1 : WIDTH;
            first = false;
            all = all.thenCompose(ignored -> section(new ArrayDeque<>(section), width));
        }
        return all.thenApply(
                ignored -> {
                    Result result = new Result(items, List.copyOf(notes), List.copyOf(failures));
                    Audit.note(
                            caller,
                            "import of %d definitions, %d refused, %d left out"
                                    .formatted(items, failures.size(), notes.size()),
                            "done");
                    return result;
                });
    }

    private CompletableFuture<Void> section(Deque<Item> waiting, int width) {
        List<CompletableFuture<Void>> lanes = new ArrayList<>();
        for (int i = 0; i < Math.min(width, waiting.size()); i++) {
            lanes.add(lane(waiting));
        }
        return CompletableFuture.allOf(lanes.toArray(CompletableFuture[]::new));
    }

    /// One item after the other, until none is left. Not by recursion where an item is done at once: there may be thousands.
    private CompletableFuture<Void> lane(Deque<Item> waiting) {
        while (true) {
            Item item;
            synchronized (waiting) {
                item = waiting.poll();
            }
            if (item == null) {
                return CompletableFuture.completedFuture(null);
            }
            CompletableFuture<Void> done = item.work().get().thenAccept(wrong -> note(item, wrong));
            if (!done.isDone()) {
                return done.thenComposeAsync(ignored -> lane(waiting), loop);
            }
        }
    }

    private void note(Item item, String wrong) {
        if (!wrong.isEmpty()) {
            failures.add(item.what() + ": " + wrong);
        }
    }
}
