package io.mainstay.head.http;

import io.mainstay.access.api.Access;
import io.mainstay.access.api.AccessOutcome;
import io.mainstay.access.api.Role;
import io.mainstay.access.api.User;
import io.mainstay.messaging.api.Messaging;
import io.mainstay.messaging.service.GoneUser;
import io.vertx.core.http.HttpMethod;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// `/api/v1/users` and `/api/v1/users/{user}`. A password that the node makes up is in the answer of that call and never again.
final class UserCalls {

    private static final int BODY_BYTES = 4 << 10;
    private static final String USERS = "/api/v1/users";
    private static final String USER = USERS + "/{user}";

    private final Access access;
    private final boolean keepsOne;
    private final @Nullable Messaging messaging;

    /// @param keepsOne the last user may not go: without one nobody could enter any more
    /// @param messaging where users have permissions and limits, too; `null`: there is none
    UserCalls(Access access, boolean keepsOne, @Nullable Messaging messaging) {
        this.access = access;
        this.keepsOne = keepsOne;
        this.messaging = messaging;
    }

    List<Route> routes() {
        return List.of(
                new Route(HttpMethod.GET, USERS, Right.USERS, this::list),
                new Route(HttpMethod.GET, USER, Right.USERS, this::show),
                new Route(HttpMethod.PUT, USER, Right.USERS, this::put),
                new Route(HttpMethod.DELETE, USER, Right.USERS, this::remove));
    }

    private void list(AdminRequest request) {
        List<Map<String, Object>> items = access.users().stream().map(UserCalls::fields).toList();
        request.answer(200, Map.of("items", items));
    }

    private void show(AdminRequest request) {
        Optional<User> user = access.user(request.name(0));
        if (user.isPresent()) {
            request.answer(200, fields(user.get()));
        } else {
            noUser(request);
        }
    }

    private static Map<String, Object> fields(User user) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", user.name());
        fields.put("role", user.role().name());
        fields.put("namespaces", user.namespaces());
        fields.put("tokens", user.tokens());
        fields.put("createdMs", user.createdMs());
        fields.put("changedMs", user.changedMs());
        return fields;
    }

    private void put(AdminRequest request) {
        request.body(
                BODY_BYTES,
                body -> {
                    Role role = role(body.text("role"));
                    String password = body.text("password");
                    List<String> namespaces = body.textList("namespaces");
                    body.noOthers();
                    User old = access.user(request.name(0)).orElse(null);
                    if (old == null) {
                        add(request, role, password, namespaces);
                    } else {
                        change(request, old, role, password, namespaces);
                    }
                });
    }

    private void add(
            AdminRequest request,
            @Nullable Role wanted,
            @Nullable String given,
            @Nullable List<String> bound)
            throws BadRequestException {
        Role role = wanted == null && !access.required() ? Role.ADMIN : wanted;
        if (role == null) {
            throw new BadRequestException("role", "role is missing", roles());
        }
        String name = request.name(0);
        String password = given == null ? access.newPassword() : given;
        Map<String, Object> made = new LinkedHashMap<>();
        made.put("name", name);
        List<String> namespaces = bound == null ? List.of() : bound;
        made.put("role", role.name());
        made.put("namespaces", namespaces);
        made.put("first", !access.required());
        if (given == null) {
            made.put("password", password);
        }
        access.putUser(
                name,
                role,
                namespaces,
                password,
                UserAnswers.done(
                        request, "new user " + name + " = " + role + in(namespaces), 201, made));
    }

    /// For the audit log.
    private static String in(List<String> namespaces) {
        return namespaces.isEmpty() ? "" : " in " + String.join(", ", namespaces);
    }

    private void change(
            AdminRequest request,
            User old,
            @Nullable Role role,
            @Nullable String password,
            @Nullable List<String> namespaces)
            throws BadRequestException {
        String name = old.name();
        if (request.onlyNew()) {
            UserAnswers.exists(request, "there is a user " + name + " already");
        } else if (namespaces != null) {
            bind(request, name, role, password, namespaces);
        } else if (role != null && password != null) {
            String what = "user " + name + " = " + role + " with a new password";
            access.putUser(name, role, password, changed(request, name, what));
        } else if (role != null) {
            access.changeRole(name, role, changed(request, name, "user " + name + " = " + role));
        } else if (password != null) {
            access.changePassword(
                    name, password, changed(request, name, "new password of " + name));
        } else {
            throw new BadRequestException(
                    "body", "nothing is to be changed", "role, password, namespaces");
        }
    }

    private void bind(
            AdminRequest request,
            String name,
            @Nullable Role role,
            @Nullable String password,
            List<String> namespaces)
            throws BadRequestException {
        String where = namespaces.isEmpty() ? " in all namespaces" : in(namespaces);
        if (role != null && password != null) {
            String what = "user " + name + " = " + role + where + " with a new password";
            access.putUser(name, role, namespaces, password, changed(request, name, what));
        } else if (role != null) {
            String what = "user " + name + " = " + role + where;
            access.changeRole(name, role, namespaces, changed(request, name, what));
        } else if (password == null) {
            access.changeNamespaces(
                    name, namespaces, changed(request, name, "user " + name + where));
        } else {
            throw new BadRequestException(
                    "role", "namespaces come with a password, and without the role", roles());
        }
    }

    private static Consumer<AccessOutcome> changed(AdminRequest request, String name, String what) {
        return UserAnswers.done(request, what, 200, Map.of("name", name));
    }

    private static @Nullable Role role(@Nullable String word) throws BadRequestException {
        if (word == null) {
            return null;
        }
        for (Role role : Role.values()) {
            if (role.name().equals(word)) {
                return role;
            }
        }
        throw new BadRequestException("role", "role is '" + word + "'", roles());
    }

    private static String roles() {
        return Arrays.toString(Role.values());
    }

    private void remove(AdminRequest request) {
        String name = request.name(0);
        if (keepsOne && access.users().size() == 1 && access.user(name).isPresent()) {
            request.error(
                    409,
                    "LAST_USER",
                    name + " is the last user, and other machines can reach this node",
                    "the removal of the last user on a node that is bound to loopback");
            return;
        }
        Consumer<AccessOutcome> answer =
                UserAnswers.done(request, "removal of user " + name, 200, Map.of());
        access.removeUser(
                name,
                outcome -> {
                    boolean gone =
                            outcome instanceof AccessOutcome.Done
                                    || outcome instanceof AccessOutcome.NotFound;
                    if (messaging != null && gone) {
                        GoneUser.forget(messaging.topology(), name)
                                .thenRun(() -> answer.accept(outcome));
                    } else {
                        answer.accept(outcome);
                    }
                });
    }

    private static void noUser(AdminRequest request) {
        request.error(404, "no-user", "there is no user " + request.name(0), "");
    }
}
