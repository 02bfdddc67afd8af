package io.mainstay.it.amqp.differential;

/// One thing that a client does.
///
/// @param text for people and for transcripts; the same text is the same step
record Step(String text, Action action) {

    /// What is done; an exception of the client means that the broker refused it.
    interface Action {
        /// @return what the client got as an answer
        String run(ScriptClient client) throws Exception;
    }

    @Override
    public String toString() {
        return text;
    }
}
