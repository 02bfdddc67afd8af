package io.mainstay.head.rabbitmq;

import io.mainstay.access.api.AccessLimits;
import io.mainstay.access.api.Role;
import io.mainstay.head.web.Authenticator;
import io.mainstay.head.web.Credentials;
import io.mainstay.head.web.Principal;
import io.mainstay.head.web.Verdict;

import java.util.function.Consumer;

/// RabbitMQ asks for credentials always, and has one user from the start. So does this port: while the node has no users, `guest` with the password
/// `guest` is an administrator here. That this user comes from this machine only is [io.mainstay.head.web.GuestRule]'s business.
record GuestAuthenticator(Authenticator users) implements Authenticator {

    private static final Credentials GUEST =
            new Credentials.Basic(AccessLimits.GUEST, AccessLimits.GUEST);

    @Override
    public boolean required() {
        return true;
    }

    @Override
    public long revision() {
        return users.revision();
    }

    @Override
    public Verdict known(Credentials credentials) {
        return users.required() ? users.known(credentials) : guest(credentials);
    }

    @Override
    public void check(Credentials credentials, Consumer<Verdict> done) {
        if (users.required()) {
            users.check(credentials, done);
        } else {
            done.accept(guest(credentials));
        }
    }

    private static Verdict guest(Credentials credentials) {
        return credentials.equals(GUEST)
                ? new Verdict.Granted(new Principal(AccessLimits.GUEST, Role.ADMIN))
                : new Verdict.Denied();
    }
}
