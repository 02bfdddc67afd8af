package io.mainstay.messaging.api;

/// The span of one step of a traced message, until it ends; what comes after the end does nothing. Thread-safe, and never blocks.
public interface MessageSpan {

    /// Of a publish: how many queues the message goes to.
    void routed(int queues);

    void end(Outcome outcome);

    /// Ends it as an error.
    ///
    /// @param type short and of few kinds, as `NOT_FOUND`
    /// @param sentence for people
    void fail(String type, String sentence);

    /// How a step ends that is no error.
    enum Outcome {
        /// A publish: in every queue, as durable as it asked for.
        CONFIRMED("confirmed"),
        /// A publish: no queue takes it, and its publisher was not told.
        UNROUTABLE("unroutable"),
        /// A publish: no queue takes it, and its publisher was told (`mandatory`).
        RETURNED("returned"),
        /// A publish: given to the channel that waits for a direct reply.
        REPLIED("replied"),
        /// A publish: its transaction was rolled back.
        ROLLED_BACK("rolled_back"),
        /// A delivery: acknowledged by the consumer.
        ACKED("acked"),
        /// A delivery: settled as it was handed out.
        AUTO_ACKED("auto_acked"),
        /// A delivery: back in its queue, by the consumer or because its channel ended. A queue with a delivery limit may let it die then.
        REQUEUED("requeued"),
        /// A delivery: refused by the consumer, and gone or dead-lettered.
        REJECTED("rejected"),
        /// A dead message: in every queue that the dead letter exchange led to.
        DEAD_LETTERED("dead_lettered"),
        /// A dead message: nothing took it.
        DROPPED("dropped");

        private final String word;

        Outcome(String word) {
            this.word = word;
        }

        /// As traces say it.
        public String word() {
            return word;
        }
    }
}
