package io.mainstay.head.amqp;

import io.mainstay.head.web.Authenticator;
import io.mainstay.head.web.Credentials;
import io.mainstay.head.web.Principal;
import io.mainstay.head.web.Verdict;

import org.jspecify.annotations.Nullable;

import java.util.Set;
import java.util.function.Consumer;

/// Decides who a client is, by its mechanism and RabbitMQ's rules for `guest`. Thread-safe.
///
/// Without users only guest with the password guest comes in, and only from this machine; it may do everything. With users they decide, and some names, by default
/// guest, still come from this machine only.
final class Login {

    static final String GUEST = "guest";

    /// What became of a login.
    sealed interface Outcome {

        record Granted(Principal user) implements Outcome {}

        /// @param why for the log; a client is never told
        record Refused(String why) implements Outcome {}
    }

    private final Authenticator authenticator;
    private final Set<String> loopbackUsers;
    private final boolean loopback;
    private final @Nullable String certificateName;

    /// @param loopbackUsers who may come from this machine only
    /// @param loopback whether the client is on this machine
    /// @param certificateName user that the client's certificate names, if it showed one that was checked
    Login(
            Authenticator authenticator,
            Set<String> loopbackUsers,
            boolean loopback,
            @Nullable String certificateName) {
        this.authenticator = authenticator;
        this.loopbackUsers = loopbackUsers;
        this.loopback = loopback;
        this.certificateName = certificateName;
    }

    String mechanisms() {
        String common = Sasl.PLAIN + " " + Sasl.AMQPLAIN;
        return certificateName == null ? common : common + " " + Sasl.EXTERNAL;
    }

    /// `done` is called once, on any thread, perhaps before return.
    void check(String mechanism, byte[] response, Consumer<Outcome> done) {
        Credentials credentials = credentials(mechanism, response);
        if (credentials == null) {
            done.accept(new Outcome.Refused("no credentials that could be read"));
        } else {
            check(credentials, done);
        }
    }

    private @Nullable Credentials credentials(String mechanism, byte[] response) {
        return switch (mechanism) {
            case Sasl.PLAIN -> Sasl.plain(response);
            case Sasl.AMQPLAIN -> Sasl.amqplain(response);
            case Sasl.EXTERNAL ->
                    certificateName == null ? null : new Credentials.Certificate(certificateName);
            default -> null;
        };
    }

    void check(Credentials credentials, Consumer<Outcome> done) {
        String name = name(credentials);
        if (!loopback && (loopbackUsers.contains(name) || !authenticator.required())) {
            done.accept(new Outcome.Refused(name + " may come from this machine only"));
            return;
        }
        if (!authenticator.required()) {
            boolean guest =
                    credentials instanceof Credentials.Basic(String user, String password)
                            && user.equals(GUEST)
                            && password.equals(GUEST);
            done.accept(
                    guest
                            ? new Outcome.Granted(new Principal(GUEST, Principal.ANONYMOUS.role()))
                            : new Outcome.Refused(
                                    "without users only guest with the password guest comes in"));
            return;
        }
        Verdict known = authenticator.known(credentials);
        if (known instanceof Verdict.Unsure) {
            authenticator.check(credentials, verdict -> done.accept(outcome(verdict)));
        } else {
            done.accept(outcome(known));
        }
    }

    private static Outcome outcome(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Granted(Principal principal) -> new Outcome.Granted(principal);
            case Verdict.Denied _ -> new Outcome.Refused("wrong name or password");
            case Verdict.Unsure _, Verdict.Unavailable _ ->
                    new Outcome.Refused("credentials cannot be checked now");
        };
    }

    static String name(Credentials credentials) {
        return switch (credentials) {
            case Credentials.Basic(String user, String password) -> user;
            case Credentials.Certificate(String name) -> name;
            case Credentials.Bearer _ -> "";
        };
    }
}
