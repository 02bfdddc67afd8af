package io.mainstay.head.web;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/// Decides who a client is. Implemented where users are kept; called by heads for each request.
public interface Authenticator {

    /// Whether a request without credentials is refused. False on a loopback node without users.
    boolean required();

    /// Grows when users change: a verdict that was given before may be another one now. 0 where there is nothing to change.
    default long revision() {
        return 0;
    }

    /// Who somebody is now that came in before and stayed, with what they may do now; `null` if they would no longer come in. Cheap, for event loops: it need
    /// be asked only when [#revision] has grown.
    default @Nullable Principal now(Principal entered) {
        return entered;
    }

    /// The answer that is known without work: called on the event loop, once for each request, and must not block.
    /// [Verdict.Unsure] if a password must be hashed first.
    Verdict known(Credentials credentials);

    /// The answer that may take its time (a memory-hard hash). Returns at once; `done` is called once, on any thread.
    void check(Credentials credentials, Consumer<Verdict> done);

    /// Lets everybody in: for a node on loopback without users, and for tests.
    static Authenticator open() {
        return new OpenAuthenticator();
    }
}
