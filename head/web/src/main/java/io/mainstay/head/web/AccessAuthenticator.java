package io.mainstay.head.web;

import io.mainstay.access.api.Access;
import io.mainstay.access.api.User;
import io.mainstay.access.api.Verification;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/// Asks the domain `access` who a client is.
///
/// Without users everybody is let in, whatever they send: stock clients send their credentials even where none are needed. With the
/// first user that ends, on all heads at once and without a restart.
///
/// @param always credentials are needed even without users: for a node that other machines can reach
public record AccessAuthenticator(Access access, boolean always) implements Authenticator {

    private static final Verdict EVERYBODY = new Verdict.Granted(Principal.ANONYMOUS);

    @Override
    public boolean required() {
        return always || access.required();
    }

    @Override
    public long revision() {
        return access.revision();
    }

    @Override
    public @Nullable Principal now(Principal entered) {
        return required()
                ? access.user(entered.name()).map(AccessAuthenticator::principal).orElse(null)
                : entered;
    }

    @Override
    public Verdict known(Credentials credentials) {
        if (!required()) {
            return EVERYBODY;
        }
        return switch (credentials) {
            case Credentials.Basic(String user, String password) ->
                    verdict(access.knownPassword(user, password));
            case Credentials.Bearer(String token) -> verdict(access.token(token));
            case Credentials.Certificate(String name) ->
                    access.user(name)
                            .map(AccessAuthenticator::granted)
                            .orElseGet(Verdict.Denied::new);
        };
    }

    @Override
    public void check(Credentials credentials, Consumer<Verdict> done) {
        switch (credentials) {
            case Credentials.Basic(String user, String password) ->
                    access.checkPassword(user, password, found -> done.accept(verdict(found)));
            case Credentials.Bearer _, Credentials.Certificate _ -> done.accept(known(credentials));
        }
    }

    private static Verdict granted(User user) {
        return new Verdict.Granted(principal(user));
    }

    private static Principal principal(User user) {
        return new Principal(user.name(), user.role(), user.namespaces(), user.tags());
    }

    private static Verdict verdict(Verification found) {
        return switch (found) {
            case Verification.Granted(var who) ->
                    new Verdict.Granted(
                            new Principal(who.user(), who.role(), who.namespaces(), who.tags()));
            case Verification.Denied denied -> new Verdict.Denied();
            case Verification.Unsure unsure -> new Verdict.Unsure();
            case Verification.Unavailable unavailable -> new Verdict.Unavailable();
        };
    }
}
