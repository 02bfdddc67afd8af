package io.mainstay.head.amqp;

/// Whether publishers must wait, because disk or memory are short. Thread-safe.
public interface PublishAlarm {

    boolean blocked();

    /// What clients are told, such as `low on disk`.
    String reason();

    /// `changed` runs on any thread after each change.
    void listen(Runnable changed);

    /// Never rings.
    static PublishAlarm never() {
        return new PublishAlarm() {
            @Override
            public boolean blocked() {
                return false;
            }

            @Override
            public String reason() {
                return "";
            }

            @Override
            public void listen(Runnable changed) {
                // It never changes.
            }
        };
    }
}
