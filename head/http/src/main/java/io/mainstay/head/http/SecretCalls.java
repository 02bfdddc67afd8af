package io.mainstay.head.http;

import io.mainstay.access.api.Access;
import io.mainstay.access.api.User;
import io.mainstay.access.api.Verification;
import io.vertx.core.http.HttpMethod;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/// `/api/v1/users/{user}/password` and `…/tokens/{label}`. What the node makes up itself is in the answer of that call and never again.
final class SecretCalls {

    private static final int BODY_BYTES = 4 << 10;
    private static final String USER = "/api/v1/users/{user}";
    private static final String TOKEN = USER + "/tokens/{label}";

    private final Access access;

    SecretCalls(Access access) {
        this.access = access;
    }

    List<Route> routes() {
        return List.of(
                new Route(HttpMethod.PUT, USER + "/password", Right.READ, this::password),
                new Route(HttpMethod.PUT, TOKEN, Right.USERS, this::putToken),
                new Route(HttpMethod.DELETE, TOKEN, Right.USERS, this::removeToken));
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
        access.changePassword(
                name, password, UserAnswers.done(request, "new password of " + name, 200, made));
    }

    private void putToken(AdminRequest request) {
        String name = request.name(0);
        String label = request.name(1);
        User user = access.user(name).orElse(null);
        if (user != null && request.onlyNew() && user.tokens().contains(label)) {
            UserAnswers.exists(request, name + " has a token " + label + " already");
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
                            UserAnswers.done(
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
                UserAnswers.done(
                        request, "removal of token " + label + " of " + name, 200, Map.of()));
    }
}
