package io.mainstay.head.web;

import java.util.function.Consumer;

/// Lets everybody in, whatever credentials they send: stock clients send theirs even where none are needed.
final class OpenAuthenticator implements Authenticator {

    private static final Verdict GRANTED = new Verdict.Granted(Principal.ANONYMOUS);

    @Override
    public boolean required() {
        return false;
    }

    @Override
    public Verdict known(Credentials credentials) {
        return GRANTED;
    }

    @Override
    public void check(Credentials credentials, Consumer<Verdict> done) {
        done.accept(GRANTED);
    }
}
