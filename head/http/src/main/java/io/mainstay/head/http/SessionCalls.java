package io.mainstay.head.http;

import io.mainstay.access.api.Access;
import io.mainstay.access.api.User;
import io.mainstay.access.api.Verification;
import io.mainstay.head.web.GuestRule;
import io.mainstay.head.web.Principal;
import io.vertx.core.http.HttpMethod;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `/api/v1/session`: signing in with a browser, which has no other safe place for a password than the person's head.
final class SessionCalls {

    private static final int BODY_BYTES = 4 << 10;
    private static final String PATH = "/api/v1/session";

    private final Access access;
    private final Sessions sessions;

    SessionCalls(Access access, Sessions sessions) {
        this.access = access;
        this.sessions = sessions;
    }

    List<Route> routes() {
        return List.of(
                new Route(HttpMethod.GET, PATH, Right.READ, this::show),
                new Route(HttpMethod.POST, PATH, Right.OPEN, this::signIn),
                new Route(HttpMethod.DELETE, PATH, Right.OPEN, this::signOut));
    }

    private void show(AdminRequest request) {
        Principal principal = request.principal();
        boolean signedIn = sessions.principal(request.http()) != null;
        request.answer(200, fields(principal, signedIn));
    }

    private Map<String, Object> fields(Principal principal, boolean signedIn) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("user", principal.name());
        fields.put("role", principal.role().name());
        fields.put("namespaces", principal.namespaces());
        fields.put("users", access.required());
        fields.put("session", signedIn);
        return fields;
    }

    private void signIn(AdminRequest request) {
        request.body(
                BODY_BYTES,
                body -> {
                    String user = body.neededText("user");
                    String password = body.neededText("password");
                    body.noOthers();
                    Verification known = access.knownPassword(user, password);
                    if (known instanceof Verification.Unsure) {
                        access.checkPassword(
                                user,
                                password,
                                request.onLoop(found -> decide(request, user, found)));
                    } else {
                        decide(request, user, known);
                    }
                });
    }

    private void decide(AdminRequest request, String name, Verification found) {
        switch (found) {
            case Verification.Granted(var who) -> enter(request, who.user());
            case Verification.Denied denied -> {
                Audit.note(
                        Principal.ANONYMOUS,
                        "sign-in as " + name + " from " + request.http().remoteAddress(),
                        "refused");
                request.error(401, "credentials", "user or password is wrong", "");
            }
            case Verification.Unsure unsure -> busy(request);
            case Verification.Unavailable unavailable -> busy(request);
        }
    }

    private static void busy(AdminRequest request) {
        request.error(503, "busy", "too many passwords are being checked", "the same call again");
    }

    private void enter(AdminRequest request, String name) {
        User user = access.user(name).orElse(null);
        if (user == null || !GuestRule.passes(name, request.http())) {
            request.error(401, "credentials", "user or password is wrong", "");
        } else if (!Right.READ.isOf(user.role())) {
            request.error(
                    403,
                    "role",
                    "the user " + name + " is a " + user.role() + " and has no part in this",
                    Right.READ.roles());
        } else {
            sessions.open(request.http(), user);
            Principal principal = new Principal(name, user.role(), user.namespaces());
            Audit.note(principal, "sign-in from " + request.http().remoteAddress(), "done");
            request.answer(200, fields(principal, true));
        }
    }

    private void signOut(AdminRequest request) {
        sessions.forget(request.http());
        request.answer(200, Map.of("session", false));
    }
}
