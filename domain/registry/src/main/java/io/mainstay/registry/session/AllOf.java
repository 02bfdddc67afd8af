package io.mainstay.registry.session;

import io.mainstay.registry.api.ChangeOutcome;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/// One answer to several changes: the newest revision if all were done, else what became of one that was not. Any thread.
final class AllOf implements Consumer<ChangeOutcome> {

    private final Consumer<ChangeOutcome> done;
    private int missing;
    private long revision;
    private @Nullable ChangeOutcome failed;

    /// @param count of the changes, at least 1
    AllOf(int count, Consumer<ChangeOutcome> done) {
        this.missing = count;
        this.done = done;
    }

    @Override
    public void accept(ChangeOutcome outcome) {
        ChangeOutcome answer;
        synchronized (this) {
            switch (outcome) {
                case ChangeOutcome.Done(long newest) -> revision = Math.max(revision, newest);
                case ChangeOutcome.NotFound _, ChangeOutcome.Refused _, ChangeOutcome.Unknown _ ->
                        failed = outcome;
            }
            if (--missing > 0) {
                return;
            }
            ChangeOutcome wrong = failed;
            answer = wrong == null ? new ChangeOutcome.Done(revision) : wrong;
        }
        done.accept(answer);
    }
}
