package io.mainstay.example.amqp;

/// How an order travels: its text is the body, what it tries is a header.
final class Order {
    /// What the payment does with it, one of [#PLAIN], [#FLAKY] and [#POISON].
    static final String KIND = "kind";

    static final String PLAIN = "plain";

    /// Fails twice and then goes through.
    static final String FLAKY = "flaky";

    /// Fails always.
    static final String POISON = "poison";

    /// When it was sent, Unix time in ms.
    static final String SENT = "sent";

    private Order() {}
}
