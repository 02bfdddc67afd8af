package io.mainstay.messaging.queue.dispatch;

/// Why a message is dead-lettered, in the words of RabbitMQ's `x-death`.
enum DeadReason {
    REJECTED("rejected"),
    EXPIRED("expired"),
    MAX_LENGTH("maxlen"),
    DELIVERY_LIMIT("delivery_limit");

    final String word;

    DeadReason(String word) {
        this.word = word;
    }
}
