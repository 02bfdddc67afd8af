package io.mainstay.head.rabbitmq;

import io.mainstay.access.api.Access;
import io.mainstay.access.api.AccessLimits;
import io.mainstay.access.api.AccessOutcome;
import io.mainstay.access.api.HashAlgorithm;
import io.mainstay.access.api.User;
import io.mainstay.access.api.UserSecret;
import io.mainstay.access.api.UserTags;
import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.TopologyView;
import io.mainstay.messaging.service.GoneUser;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// `/api/users` and `/api/whoami`. Users are the node's users: whom one makes here may enter elsewhere as far as the role goes that the tags amount to.
final class UserCalls {

    private static final int BODY_BYTES = 64 << 10;
    private static final String USERS = "/api/users";
    private static final String USER = USERS + "/{user}";

    private static final UserSecret.Hashed NO_HASH =
            new UserSecret.Hashed(HashAlgorithm.SHA_256.word(), "");

    private UserCalls() {}

    static List<Route> routes() {
        return List.of(
                Route.get("/api/whoami", Need.MANAGEMENT, UserCalls::whoami),
                Route.get(USERS, Need.ADMINISTRATOR, UserCalls::list),
                Route.get(
                        USERS + "/without-permissions",
                        Need.ADMINISTRATOR,
                        UserCalls::withoutPermissions),
                Route.post(USERS + "/bulk-delete", Need.ADMINISTRATOR, UserCalls::deleteMany),
                Route.get(USER, Need.ADMINISTRATOR, UserCalls::show),
                Route.put(USER, Need.ADMINISTRATOR, UserCalls::put),
                Route.delete(USER, Need.ADMINISTRATOR, UserCalls::delete));
    }

    private static void whoami(RabbitRequest request) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", request.caller().name());
        fields.put("tags", request.caller().tags());
        fields.put("is_internal_user", true);
        request.answer(200, fields);
    }

    /// `request`, if the user that its path names is there.
    static RabbitRequest known(RabbitRequest request) throws RefusedException {
        shape(request.services(), request.name("user"));
        return request;
    }

    static boolean isThere(Services services, String name) {
        return all(services).stream().anyMatch(user -> name.equals(user.get("name")));
    }

    private static Map<String, @Nullable Object> shape(Services services, String name)
            throws RefusedException {
        for (Map<String, @Nullable Object> user : all(services)) {
            if (name.equals(user.get("name"))) {
                return user;
            }
        }
        throw RefusedException.notFound();
    }

    /// While there are none, guest is shown who may enter then.
    private static List<Map<String, @Nullable Object>> all(Services services) {
        Access access = services.access();
        return access.required()
                ? access.users().stream().map(user -> shape(user, services)).toList()
                : List.of(
                        shape(
                                AccessLimits.GUEST,
                                NO_HASH,
                                List.of(UserTags.ADMINISTRATOR),
                                services.view()));
    }

    static Map<String, @Nullable Object> shape(User user, Services services) {
        return shape(
                user.name(),
                services.access().hash(user.name()).orElse(NO_HASH),
                UserTags.of(user.role(), user.tags()),
                services.view());
    }

    private static Map<String, @Nullable Object> shape(
            String name, UserSecret.Hashed hashed, List<String> tags, TopologyView view) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("name", name);
        boolean ours = HashAlgorithm.ARGON_2.word().equals(hashed.algorithm());
        fields.put("password_hash", ours ? "" : hashed.hash());
        fields.put("hashing_algorithm", ours ? HashAlgorithm.SHA_256.word() : hashed.algorithm());
        if (ours) {
            // RabbitMQ refuses a file with a hash that it cannot read, and ignores what it does not
            // know.
            fields.put(UserBody.OUR_HASH, hashed.hash());
        }
        fields.put("tags", tags);
        fields.put("limits", LimitCalls.shape(view.userLimits().getOrDefault(name, Map.of())));
        return fields;
    }

    private static void list(RabbitRequest request) throws RefusedException {
        request.list(all(request.services()));
    }

    private static void show(RabbitRequest request) throws RefusedException {
        request.item(shape(request.services(), request.name("user")));
    }

    private static void withoutPermissions(RabbitRequest request) throws RefusedException {
        TopologyView view = request.view();
        request.list(
                all(request.services()).stream()
                        .filter(
                                user ->
                                        view.permissions().stream()
                                                .noneMatch(p -> p.user().equals(user.get("name"))))
                        .toList());
    }

    private static void put(RabbitRequest request) throws RefusedException {
        String name = request.name("user");
        request.body(
                BODY_BYTES,
                body -> {
                    List<String> tags = UserBody.tags(body);
                    UserSecret secret = UserBody.secret(body);
                    List<TopologyChange> limits = LimitCalls.ofUser(name, body.node("limits"));
                    boolean isNew = request.services().access().user(name).isEmpty();
                    request.await(
                            put(request.services(), name, tags, secret, limits),
                            outcome -> {
                                Audit.note(
                                        request.caller(),
                                        "user " + name + " with tags " + tags,
                                        outcome);
                                Outcomes.done(outcome);
                                request.empty(isNew ? 201 : 204);
                            });
                });
    }

    /// Makes or changes a user; see [FirstUser].
    ///
    /// @param limits of that user, put when it is there
    static CompletableFuture<AccessOutcome> put(
            Services services,
            String name,
            List<String> tags,
            UserSecret secret,
            List<TopologyChange> limits) {
        return put(services, name, tags, secret)
                .thenCompose(
                        outcome ->
                                outcome instanceof AccessOutcome.Done
                                        ? allOf(services, limits).thenApply(ignored -> outcome)
                                        : CompletableFuture.completedFuture(outcome));
    }

    private static CompletableFuture<AccessOutcome> put(
            Services services, String name, List<String> tags, UserSecret secret) {
        if (name.equals(AccessLimits.GUEST)) {
            FirstUser.announce(services);
        }
        CompletableFuture<AccessOutcome> ready =
                name.equals(AccessLimits.GUEST)
                        ? CompletableFuture.completedFuture(new AccessOutcome.Done(0))
                        : FirstUser.keepGuest(services);
        return ready.thenCompose(
                outcome -> {
                    if (!(outcome instanceof AccessOutcome.Done)) {
                        return CompletableFuture.completedFuture(outcome);
                    }
                    CompletableFuture<AccessOutcome> made = new CompletableFuture<>();
                    services.access().putTaggedUser(name, tags, secret, made::complete);
                    return made;
                });
    }

    private static void delete(RabbitRequest request) throws RefusedException {
        String name = request.name("user");
        request.await(
                remove(request, name),
                outcome -> {
                    Outcomes.done(outcome);
                    request.empty(204);
                });
    }

    private static CompletableFuture<AccessOutcome> remove(RabbitRequest request, String name) {
        Services services = request.services();
        Access access = services.access();
        if (!services.config().loopback()
                && access.users().size() == 1
                && access.user(name).isPresent()) {
            return CompletableFuture.completedFuture(
                    new AccessOutcome.Refused(
                            AccessOutcome.Reason.LAST_ADMIN,
                            name + " is the last user, and other machines can reach this node"));
        }
        CompletableFuture<AccessOutcome> removed = new CompletableFuture<>();
        access.removeUser(name, removed::complete);
        return removed.thenCompose(
                outcome -> {
                    Audit.note(request.caller(), "removal of user " + name, outcome);
                    return outcome instanceof AccessOutcome.Done
                                    || outcome instanceof AccessOutcome.NotFound
                            ? GoneUser.forget(services.messaging().topology(), name)
                                    .thenApply(ignored -> outcome)
                            : CompletableFuture.completedFuture(outcome);
                });
    }

    private static CompletableFuture<Void> allOf(Services services, List<TopologyChange> changes) {
        return CompletableFuture.allOf(
                changes.stream()
                        .map(services.messaging().topology()::change)
                        .toArray(CompletableFuture[]::new));
    }

    private static void deleteMany(RabbitRequest request) throws RefusedException {
        request.body(
                BODY_BYTES,
                body -> {
                    JsonNode users = body.node("users");
                    if (users == null || !users.isArray()) {
                        throw RefusedException.bad("key_missing: users, a list of names");
                    }
                    CompletableFuture<AccessOutcome> all =
                            CompletableFuture.completedFuture(new AccessOutcome.Done(0));
                    for (JsonNode user : users) {
                        String name = user.asString("");
                        all =
                                all.thenCompose(
                                        before ->
                                                before instanceof AccessOutcome.Done
                                                                || before
                                                                        instanceof
                                                                        AccessOutcome.NotFound
                                                        ? remove(request, name)
                                                        : CompletableFuture.completedFuture(
                                                                before));
                    }
                    request.await(
                            all,
                            outcome -> {
                                if (!(outcome instanceof AccessOutcome.NotFound)) {
                                    Outcomes.done(outcome);
                                }
                                request.empty(204);
                            });
                });
    }
}
