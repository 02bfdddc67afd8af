package io.mainstay.head.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.access.api.Role;
import io.mainstay.head.amqp.AmqpHeadConfig.LoginName;
import io.mainstay.head.web.Authenticator;
import io.mainstay.head.web.Credentials;
import io.mainstay.head.web.Principal;
import io.mainstay.head.web.Verdict;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import javax.security.auth.x500.X500Principal;

/// Who comes in, from where, by which mechanism.
class LoginTest {

    /// Everybody is a user.
    private static final Authenticator EVERYBODY =
            new Authenticator() {
                @Override
                public boolean required() {
                    return true;
                }

                @Override
                public Verdict known(Credentials credentials) {
                    return new Verdict.Granted(new Principal(Login.name(credentials), Role.CLIENT));
                }

                @Override
                public void check(Credentials credentials, Consumer<Verdict> done) {
                    done.accept(known(credentials));
                }
            };

    private static Login.Outcome login(
            Authenticator users, boolean loopback, String mechanism, String response) {
        List<Login.Outcome> outcomes = new ArrayList<>();
        new Login(users, AmqpHeadConfig.LOOPBACK_USERS, loopback, "CN=orders")
                .check(mechanism, response.getBytes(StandardCharsets.UTF_8), outcomes::add);
        assertThat(outcomes).hasSize(1);
        return outcomes.getFirst();
    }

    private static @Nullable String entered(
            Authenticator users, boolean loopback, String mechanism, String response) {
        return login(users, loopback, mechanism, response)
                        instanceof Login.Outcome.Granted(Principal user)
                ? user.name()
                : null;
    }

    @Test
    void guestComesFromThisMachineOnly() {
        for (Authenticator users : List.of(EVERYBODY, Authenticator.open())) {
            assertThat(entered(users, true, Sasl.PLAIN, "\0guest\0guest")).isEqualTo("guest");
            assertThat(entered(users, false, Sasl.PLAIN, "\0guest\0guest")).isNull();
        }
        assertThat(entered(EVERYBODY, false, Sasl.PLAIN, "\0app\0secret")).isEqualTo("app");
    }

    @Test
    void whoComesFromThisMachineOnlyIsASetting() {
        for (boolean restricted : new boolean[] {false, true}) {
            new Login(EVERYBODY, restricted ? Set.of("app") : Set.of(), false, null)
                    .check(
                            Sasl.PLAIN,
                            "\0app\0secret".getBytes(StandardCharsets.UTF_8),
                            outcome ->
                                    assertThat(outcome instanceof Login.Outcome.Granted)
                                            .isEqualTo(!restricted));
        }
        // Without users nobody comes from elsewhere, whatever is set.
        new Login(Authenticator.open(), Set.of(), false, null)
                .check(
                        Sasl.PLAIN,
                        "\0guest\0guest".getBytes(StandardCharsets.UTF_8),
                        outcome -> assertThat(outcome).isInstanceOf(Login.Outcome.Refused.class));
    }

    @Test
    void withoutUsersOnlyGuestComesIn() {
        Authenticator none = Authenticator.open();
        assertThat(entered(none, true, Sasl.PLAIN, "\0guest\0wrong")).isNull();
        assertThat(entered(none, true, Sasl.PLAIN, "\0app\0guest")).isNull();
        assertThat(entered(none, true, Sasl.EXTERNAL, "")).isNull();
    }

    @Test
    void aCertificateIsTheUserThatItNames() {
        assertThat(entered(EVERYBODY, false, Sasl.EXTERNAL, "")).isEqualTo("CN=orders");
        assertThat(entered(EVERYBODY, false, Sasl.EXTERNAL, "somebody")).isEqualTo("CN=orders");
        Login without = new Login(EVERYBODY, Set.of(), true, null);
        assertThat(without.mechanisms()).isEqualTo("PLAIN AMQPLAIN");
        without.check(
                Sasl.EXTERNAL,
                new byte[0],
                outcome -> assertThat(outcome).isInstanceOf(Login.Outcome.Refused.class));
    }

    @Test
    void whatCannotBeReadIsRefused() {
        for (String response : List.of("", "guest", "\0guest", "\0guest\0guest\0more")) {
            assertThat(entered(EVERYBODY, true, Sasl.PLAIN, response)).isNull();
            assertThat(entered(EVERYBODY, true, Sasl.AMQPLAIN, response)).isNull();
        }
        assertThat(entered(EVERYBODY, true, "RABBIT-CR-DEMO", "\0guest\0guest")).isNull();
    }

    @Test
    void namesInCertificatesAreWrittenAsRabbitWritesThem() {
        X500Principal subject =
                new X500Principal("EMAILADDRESS=a@shop.example, CN=or\\,ders, OU=Sales, O=Shop");
        assertThat(CertificateName.of(subject, LoginName.DISTINGUISHED_NAME))
                .isEqualTo("EMAILADDRESS=a@shop.example,CN=or\\,ders,OU=Sales,O=Shop");
        assertThat(CertificateName.of(subject, LoginName.COMMON_NAME)).isEqualTo("or,ders");
        assertThat(CertificateName.of(new X500Principal("O=Shop"), LoginName.COMMON_NAME)).isNull();
        assertThat(CertificateName.of(new X500Principal(""), LoginName.DISTINGUISHED_NAME))
                .isNull();
    }
}
