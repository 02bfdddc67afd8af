package io.mainstay.messaging.queue.dispatch;

import io.mainstay.messaging.api.QueueSession.PublishListener;
import io.mainstay.messaging.api.QueueSession.PublishOutcome;

import java.util.concurrent.Executor;

/// Who published: gets the answers on its own executor.
public interface PublishSink {

    Executor executor();

    /// On the executor.
    void answered(PublishListener listener, long sequence, int bytes, PublishOutcome outcome);
}
