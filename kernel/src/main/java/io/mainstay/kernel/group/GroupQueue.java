package io.mainstay.kernel.group;

import org.apache.kafka.raft.RaftMessage;
import org.apache.kafka.raft.RaftMessageQueue;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Never blocks: it notes for how long the engine would have waited, so that one thread can drive many groups. Driver thread only.
final class GroupQueue implements RaftMessageQueue {

    private final Queue<QueueEntry> messages = new ArrayDeque<>();
    private boolean wokenUp;
    private boolean tookMessage;
    private long timeoutMs;

    void beginPoll() {
        wokenUp = false;
        tookMessage = false;
        timeoutMs = 0;
    }

    /// True if there is a message for the engine.
    boolean hasMessages() {
        return !messages.isEmpty();
    }

    /// True if the engine may have more to do at once.
    boolean again() {
        return tookMessage || wokenUp || !messages.isEmpty();
    }

    long timeoutMs() {
        return timeoutMs;
    }

    @Override
    public Optional<QueueEntry> poll(long timeoutMs) {
        this.timeoutMs = timeoutMs;
        QueueEntry message = messages.poll();
        tookMessage = message != null;
        return Optional.ofNullable(message);
    }

    @Override
    public CompletionStage<RaftMessage> add(RaftMessage message) {
        CompletableFuture<RaftMessage> future = new CompletableFuture<>();
        messages.add(new Waiting(message, future));
        return future;
    }

    @Override
    public boolean isEmpty() {
        return messages.isEmpty();
    }

    @Override
    public void wakeup() {
        wokenUp = true;
    }

    private record Waiting(RaftMessage message, CompletableFuture<RaftMessage> future)
            implements QueueEntry {}
}
