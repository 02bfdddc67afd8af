package io.mainstay.head.web;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.atomic.AtomicInteger;

/// Lets a request pass with its principal, or has it refused: 401 without good credentials, 503 where none can be checked now.
///
/// At most [#MAX_PENDING] slow checks are under way, so that a flood of wrong passwords costs their senders an answer and not the node its
/// memory. Thread-safe; `then` runs on the request's event loop.
public final class AuthGate {

    /// Slow checks under way at once.
    public static final int MAX_PENDING = 256;

    private static final Logger LOG = LoggerFactory.getLogger(AuthGate.class);
    private static final String MISSING =
            "This node has users: send the credentials of one, Basic or a token as Bearer.";
    private static final String WRONG = "User and password, or the token, are not known here.";
    private static final String BUSY =
            "Too many passwords are being checked; try again in a second.";

    private final Authenticator authenticator;
    private final Refusal refusal;
    private final AtomicInteger pending = new AtomicInteger();

    /// How a head says no. Called on the request's event loop, before the body is read.
    public interface Refusal {

        /// @param status 401 or 503
        void refuse(HttpServerRequest request, int status, String sentence);
    }

    public AuthGate(Authenticator authenticator, Refusal refusal) {
        this.authenticator = authenticator;
        this.refusal = refusal;
    }

    /// With answers in plain text.
    ///
    /// @param realm shown by browsers beside the password field
    public AuthGate(Authenticator authenticator, String realm) {
        this(authenticator, plainText(challenge(realm)));
    }

    private static Refusal plainText(String challenge) {
        return (request, status, sentence) -> {
            if (status == 401) {
                request.response().putHeader("WWW-Authenticate", challenge);
            }
            Answers.refuse(request, status, sentence);
        };
    }

    /// The challenge for passwords, RFC 7617.
    public static String challenge(String realm) {
        return "Basic realm=\"" + realm + "\", charset=\"UTF-8\"";
    }

    /// Call it before the body is read, on the request's event loop.
    public void enter(HttpServerRequest request, Handler<Principal> then) {
        Credentials credentials =
                Credentials.parse(request.headers().get(HttpHeaders.AUTHORIZATION));
        if (credentials == null) {
            if (authenticator.required()) {
                refusal.refuse(request, 401, MISSING);
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
            refusal.refuse(request, 503, BUSY);
            return;
        }
        Context loop = Vertx.currentContext();
        request.pause();
        authenticator.check(
                credentials,
                verdict -> {
                    pending.decrementAndGet();
                    if (verdict instanceof Verdict.Denied) {
                        // As many lines as passwords can be hashed in a second, however many come.
                        LOG.warn("Refused {} from {}", credentials, request.remoteAddress());
                    }
                    loop.runOnContext(
                            ignored -> {
                                decide(request, verdict, then);
                                request.resume();
                            });
                });
    }

    private void decide(HttpServerRequest request, Verdict verdict, Handler<Principal> then) {
        switch (verdict) {
            case Verdict.Granted granted -> {
                if (GuestRule.passes(granted.principal().name(), request)) {
                    then.handle(granted.principal());
                } else {
                    refusal.refuse(request, 401, WRONG);
                }
            }
            case Verdict.Denied denied -> refusal.refuse(request, 401, WRONG);
            case Verdict.Unsure unsure -> refusal.refuse(request, 503, BUSY);
            case Verdict.Unavailable unavailable -> refusal.refuse(request, 503, BUSY);
        }
    }
}
