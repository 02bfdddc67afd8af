package io.mainstay.example.amqp;

/// How an order travels, as JSON.
///
/// @param id the same however often it is sent
/// @param kind what becomes of its payment
record Order(String id, Kind kind) {

    enum Kind {
        PLAIN,
        /// Fails twice and then goes through.
        FLAKY,
        /// Fails always.
        POISON
    }
}
