package io.mainstay.head.web;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

import java.util.concurrent.atomic.AtomicInteger;

/// Lets a request pass with its principal, or answers it: 401 without good credentials, 503 where none can be checked now.
///
/// At most [#MAX_PENDING] slow checks are under way, so that a flood of wrong passwords costs their senders an answer and not the node its
/// memory. Thread-safe; `then` runs on the request's event loop.
public final class AuthGate {

    /// Slow checks under way at once.
    public static final int MAX_PENDING = 256;

    private final Authenticator authenticator;
    private final String challenge;
    private final AtomicInteger pending = new AtomicInteger();

    /// @param realm shown by browsers beside the password field
    public AuthGate(Authenticator authenticator, String realm) {
        this.authenticator = authenticator;
        this.challenge = "Basic realm=\"" + realm + "\", charset=\"UTF-8\"";
    }

    /// Call it before the body is read, on the request's event loop.
    public void enter(HttpServerRequest request, Handler<Principal> then) {
        Credentials credentials =
                Credentials.parse(request.headers().get(HttpHeaders.AUTHORIZATION));
        if (credentials == null) {
            if (authenticator.required()) {
                refuse(request, 401);
            } else {
                then.handle(Principal.ANONYMOUS);
            }
            return;
        }
        Verdict known = authenticator.known(credentials);
        if (known instanceof Verdict.Unsure) {
            ask(request, credentials, then);
        } else {
            decide(request, known, then);
        }
    }

    private void ask(HttpServerRequest request, Credentials credentials, Handler<Principal> then) {
        if (pending.incrementAndGet() > MAX_PENDING) {
            pending.decrementAndGet();
            refuse(request, 503);
            return;
        }
        Context loop = Vertx.currentContext();
        request.pause();
        authenticator.check(
                credentials,
                verdict -> {
                    pending.decrementAndGet();
                    loop.runOnContext(
                            ignored -> {
                                decide(request, verdict, then);
                                request.resume();
                            });
                });
    }

    private void decide(HttpServerRequest request, Verdict verdict, Handler<Principal> then) {
        switch (verdict) {
            case Verdict.Granted granted -> then.handle(granted.principal());
            case Verdict.Denied denied -> refuse(request, 401);
            case Verdict.Unsure unsure -> refuse(request, 503);
            case Verdict.Unavailable unavailable -> refuse(request, 503);
        }
    }

    private void refuse(HttpServerRequest request, int status) {
        if (status == 401) {
            request.response().putHeader("WWW-Authenticate", challenge);
        }
        Answers.refuse(request, status, "");
    }
}
