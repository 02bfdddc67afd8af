package io.mainstay.messaging.queue.dispatch;

import io.mainstay.messaging.api.QueueSession.PublishListener;
import io.mainstay.messaging.api.QueueSession.PublishOutcome;

/// A message that went to several raft groups: its publisher is told once, when all have answered, the worst of it. One thread only.
final class JoinedPublish implements PublishListener {

    private final PublishListener listener;
    private int left;
    private PublishOutcome worst = PublishOutcome.CONFIRMED;

    JoinedPublish(PublishListener listener, int groups) {
        this.listener = listener;
        this.left = groups;
    }

    @Override
    public void published(long sequence, PublishOutcome outcome) {
        if (outcome.ordinal() > worst.ordinal()) {
            worst = outcome;
        }
        left--;
        if (left == 0) {
            listener.published(sequence, worst);
        }
    }
}
