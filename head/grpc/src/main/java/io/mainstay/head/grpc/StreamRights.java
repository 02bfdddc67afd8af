package io.mainstay.head.grpc;

import io.mainstay.head.web.Authenticator;
import io.mainstay.head.web.Credentials;
import io.mainstay.head.web.GuestRule;
import io.mainstay.head.web.Principal;
import io.mainstay.head.web.Verdict;

import org.jspecify.annotations.Nullable;

import java.net.SocketAddress;
import java.util.function.Consumer;

/// Whether the credentials of one stream are good, asked when it says hello and again when users have changed since. It keeps
/// the credentials, because a password that was changed can be told by asking only.
final class StreamRights {

    private final Authenticator authenticator;
    private final @Nullable Credentials credentials;
    private final @Nullable SocketAddress remote;

    /// The users' revision that the last verdict is of.
    private volatile long asOf;

    private volatile boolean asking;

    StreamRights(
            Authenticator authenticator,
            @Nullable Credentials credentials,
            @Nullable SocketAddress remote) {
        this.remote = remote;
        this.authenticator = authenticator;
        this.credentials = credentials;
    }

    static boolean mayRegister(Principal principal) {
        return switch (principal.role()) {
            case ADMIN, OPERATOR, SERVICE -> true;
            case VIEWER, CLIENT -> false;
        };
    }

    /// Whether the stream is somebody's business at all.
    static boolean mayConnect(Principal principal) {
        return switch (principal.role()) {
            case ADMIN, OPERATOR, SERVICE, VIEWER -> true;
            case CLIENT -> false;
        };
    }

    /// @param then called once, at once or on the thread that hashed the password
    void ask(Consumer<Verdict> then) {
        // Read first: a change that comes now is asked for again.
        long revision = authenticator.revision();
        asking = true;
        if (!authenticator.required()) {
            decided(new Verdict.Granted(Principal.ANONYMOUS), revision, then);
        } else if (credentials == null) {
            decided(new Verdict.Denied(), revision, then);
        } else {
            Verdict known = authenticator.known(credentials);
            if (known instanceof Verdict.Unsure) {
                authenticator.check(credentials, verdict -> decided(verdict, revision, then));
            } else {
                decided(known, revision, then);
            }
        }
    }

    private void decided(Verdict found, long revision, Consumer<Verdict> then) {
        Verdict verdict =
                found instanceof Verdict.Granted(Principal principal)
                                && !GuestRule.passes(principal.name(), remote)
                        ? new Verdict.Denied()
                        : found;
        switch (verdict) {
            case Verdict.Granted granted -> asOf = revision;
            case Verdict.Denied denied -> asOf = revision;
            // Nothing was learned.
            case Verdict.Unsure unsure -> {}
            case Verdict.Unavailable unavailable -> {}
        }
        asking = false;
        then.accept(verdict);
    }

    /// Asks if users have changed since the last verdict. One thread only.
    void askAgain(Consumer<Verdict> then) {
        if (!asking && asOf != authenticator.revision()) {
            ask(then);
        }
    }
}
