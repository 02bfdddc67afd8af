package io.mainstay.head.http;

import io.mainstay.access.api.Access;
import io.mainstay.access.api.AccessOutcome;
import io.mainstay.access.api.Role;
import io.mainstay.access.api.User;
import io.mainstay.access.api.Verification;
import io.vertx.core.http.HttpMethod;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// `/api/v1/users…`: users, passwords, tokens. What the node makes up itself (a password, a token) is in the answer of that call and
/// never again.
final class UserCalls {

    private static final int BODY_BYTES = 4 << 10;
    private static final String USERS = "/api/v1/users";
    private static final String USER = USERS + "/{user}";
    private static final String TOKEN = USER + "/tokens/{label}";

    private final Access access;
    private final boolean keepsOne;

    /// @param keepsOne the last user may not go: without one nobody could enter any more
    UserCalls(Access access, boolean keepsOne) {
        this.access = access;
        this.keepsOne = keepsOne;
    }

    List<Route> routes() {
        return List.of(
                new Route(HttpMethod.GET, USERS, Right.USERS, this::list),
                new Route(HttpMethod.GET, USER, Right.USERS, this::show),
                new Route(HttpMethod.PUT, USER, Right.USERS, this::put),
                new Route(HttpMethod.DELETE, USER, Right.USERS, this::remove),
                new Route(HttpMethod.PUT, USER + "/password", Right.READ, this::password),
                new Route(HttpMethod.PUT, TOKEN, Right.USERS, this::putToken),
                new Route(HttpMethod.DELETE, TOKEN, Right.USERS, this::removeToken));
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
                    body.noOthers();
                    User old = access.user(request.name(0)).orElse(null);
                    if (old == null) {
                        add(request, role, password);
                    } else {
                        change(request, old, role, password);
                    }
                });
    }

    private void add(AdminRequest request, @Nullable Role wanted, @Nullable String given)
            throws BadRequestException {
        Role role = wanted == null && !access.required() ? Role.ADMIN : wanted;
        if (role == null) {
            throw new BadRequestException("role", "role is missing", roles());
        }
        String name = request.name(0);
        String password = given == null ? access.newPassword() : given;
        Map<String, Object> made = new LinkedHashMap<>();
        made.put("name", name);
        made.put("role", role.name());
        made.put("first", !access.required());
        if (given == null) {
            made.put("password", password);
        }
        access.putUser(
                name, role, password, done(request, "new user " + name + " = " + role, 201, made));
    }

    private void change(
            AdminRequest request, User old, @Nullable Role role, @Nullable String password)
            throws BadRequestException {
        String name = old.name();
        if (request.onlyNew()) {
            exists(request, "there is a user " + name + " already");
        } else if (role != null && password != null) {
            String what = "user " + name + " = " + role + " with a new password";
            access.putUser(name, role, password, done(request, what, 200, Map.of("name", name)));
        } else if (role != null) {
            String what = "user " + name + " = " + role;
            access.changeRole(name, role, done(request, what, 200, Map.of("name", name)));
        } else if (password != null) {
            String what = "new password of " + name;
            access.changePassword(name, password, done(request, what, 200, Map.of("name", name)));
        } else {
            throw new BadRequestException("body", "nothing is to be changed", "role, password");
        }
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
        access.removeUser(name, done(request, "removal of user " + name, 200, Map.of()));
    }

    /// Admins set any; everybody else their own, with the present one.
    private void password(AdminRequest request) {
        String name = request.name(0);
        boolean admin = Right.USERS.isOf(request.principal().role());
        if (!admin && !request.principal().name().equals(name)) {
            request.error(
                    403,
                    "role",
                    request.principal().shown() + " may change no password but their own",
                    Right.USERS.roles());
            return;
        }
        request.body(
                BODY_BYTES,
                body -> {
                    String password = body.text("password");
                    String current = admin ? body.text("current", "") : body.neededText("current");
                    body.noOthers();
                    if (admin) {
                        setPassword(request, name, password);
                    } else {
                        access.checkPassword(
                                name,
                                current,
                                request.onLoop(found -> ifRight(request, name, password, found)));
                    }
                });
    }

    private void ifRight(
            AdminRequest request, String name, @Nullable String password, Verification found) {
        switch (found) {
            case Verification.Granted granted -> setPassword(request, name, password);
            case Verification.Denied denied -> {
                Audit.note(request.principal(), "new password of " + name, "refused");
                request.error(403, "credentials", "the present password is another one", "");
            }
            case Verification.Unsure unsure -> busy(request);
            case Verification.Unavailable unavailable -> busy(request);
        }
    }

    private static void busy(AdminRequest request) {
        request.error(503, "busy", "too many passwords are being checked", "the same call again");
    }

    private void setPassword(AdminRequest request, String name, @Nullable String given) {
        String password = given == null ? access.newPassword() : given;
        Map<String, Object> made =
                given == null ? Map.of("name", name, "password", password) : Map.of("name", name);
        access.changePassword(name, password, done(request, "new password of " + name, 200, made));
    }

    private void putToken(AdminRequest request) {
        String name = request.name(0);
        String label = request.name(1);
        User user = access.user(name).orElse(null);
        if (user != null && request.onlyNew() && user.tokens().contains(label)) {
            exists(request, name + " has a token " + label + " already");
            return;
        }
        request.body(
                BODY_BYTES,
                body -> {
                    body.noOthers();
                    String token = access.newToken();
                    access.putToken(
                            name,
                            label,
                            token,
                            done(
                                    request,
                                    "token " + label + " of " + name,
                                    200,
                                    Map.of("user", name, "label", label, "token", token)));
                });
    }

    private void removeToken(AdminRequest request) {
        String name = request.name(0);
        String label = request.name(1);
        access.removeToken(
                name,
                label,
                done(request, "removal of token " + label + " of " + name, 200, Map.of()));
    }

    private static void exists(AdminRequest request, String sentence) {
        request.error(412, "exists", sentence, "the call without If-None-Match, which changes it");
    }

    private static void noUser(AdminRequest request) {
        request.error(404, "no-user", "there is no user " + request.name(0), "");
    }

    /// Answers with `made` and the revision, and leaves a line in the audit log.
    private static Consumer<AccessOutcome> done(
            AdminRequest request, String what, int status, Map<String, Object> made) {
        Consumer<AccessOutcome> answer =
                request.onLoop(outcome -> answer(request, outcome, status, made));
        return outcome -> {
            Audit.note(request.principal(), what, outcome);
            answer.accept(outcome);
        };
    }

    private static void answer(
            AdminRequest request, AccessOutcome outcome, int status, Map<String, Object> made) {
        switch (outcome) {
            case AccessOutcome.Done(long revision) -> {
                Map<String, Object> fields = new LinkedHashMap<>(made);
                fields.put("revision", revision);
                request.answer(status, fields);
            }
            case AccessOutcome.NotFound notFound ->
                    request.error(404, "no-user", "there is no such user or token", "");
            case AccessOutcome.Refused refused ->
                    request.error(
                            switch (refused.reason()) {
                                case INVALID -> 400;
                                case LAST_ADMIN -> 409;
                                case LIMIT -> 413;
                                case UNAVAILABLE -> 503;
                            },
                            refused.reason().name(),
                            refused.why(),
                            "");
            case AccessOutcome.Unknown unknown ->
                    request.error(503, "UNKNOWN", unknown.why(), "the same call again");
        }
    }
}
