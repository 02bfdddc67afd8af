package io.mainstay.head.http;

import io.mainstay.access.api.Access;
import io.mainstay.access.api.User;
import io.mainstay.head.web.Principal;
import io.mainstay.platform.Clock;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;

import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/// Who signed in with a browser. A session is known by a random cookie that no script can read and no other site can send, ends after
/// 12 h, and earlier when role, password or namespaces of its user change, when the user goes, and when the node ends. On the head's one
/// event loop only.
final class Sessions {

    static final int MAX_SESSIONS = 1_000;
    private static final long LIFETIME_S = 12 * 3_600;

    private final Access access;
    private final Clock clock;
    private final boolean tls;
    private final Map<String, Session> sessions = new LinkedHashMap<>();

    private record Session(User user, long openedNanos) {}

    Sessions(Access access, Clock clock, boolean tls) {
        this.access = access;
        this.clock = clock;
        this.tls = tls;
    }

    /// Whose request it is by its cookie, or `null`.
    @Nullable Principal principal(HttpServerRequest request) {
        Cookie cookie = request.getCookie(name(request));
        Session session = cookie == null ? null : sessions.get(cookie.getValue());
        if (cookie == null || session == null) {
            return null;
        }
        User now = access.user(session.user().name()).orElse(null);
        if (now == null || !isSame(now, session.user()) || isOver(session)) {
            sessions.remove(cookie.getValue());
            return null;
        }
        return new Principal(now.name(), now.role(), now.namespaces());
    }

    private static boolean isSame(User a, User b) {
        return a.createdMs() == b.createdMs() && a.changedMs() == b.changedMs();
    }

    private boolean isOver(Session session) {
        return clock.nanoTime() - session.openedNanos() > LIFETIME_S * 1_000_000_000L;
    }

    /// Sets the cookie of a new session; with too many the oldest ends.
    void open(HttpServerRequest request, User user) {
        close(request);
        if (sessions.size() >= MAX_SESSIONS) {
            Iterator<String> oldest = sessions.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        String secret = access.newToken();
        sessions.put(secret, new Session(user, clock.nanoTime()));
        request.response().addCookie(cookie(request, secret).setMaxAge(LIFETIME_S));
    }

    /// Ends the request's session, if it has one.
    void close(HttpServerRequest request) {
        Cookie cookie = request.getCookie(name(request));
        if (cookie != null) {
            sessions.remove(cookie.getValue());
        }
    }

    /// Has the browser forget the cookie.
    void forget(HttpServerRequest request) {
        close(request);
        request.response().addCookie(cookie(request, "").setMaxAge(0));
    }

    private Cookie cookie(HttpServerRequest request, String value) {
        return Cookie.cookie(name(request), value)
                .setPath("/")
                .setHttpOnly(true)
                .setSecure(tls)
                .setSameSite(CookieSameSite.STRICT);
    }

    /// Browsers keep no cookies apart by port, and two nodes may run on one machine.
    private static String name(HttpServerRequest request) {
        return "mainstay-" + request.localAddress().port();
    }
}
