package io.mainstay.kernel.group;

import io.mainstay.kernel.group.LedgerWorkload.Ledger;
import io.mainstay.kernel.journal.Journal;
import io.mainstay.kernel.journal.RecordType;
import io.mainstay.platform.Clock;
import io.mainstay.platform.Disk;

import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.raft.ElectionState;
import org.apache.kafka.server.common.OffsetAndEpoch;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/// Bugs for the simulation to find.
final class Plants {

    private Plants() {}

    private static Plant rules(HoldRules broken) {
        return new Plant() {
            @Override
            HoldRules rules() {
                return broken;
            }
        };
    }

    static Plant fetchRequestsNotHeld() {
        return rules(
                new HoldRules() {
                    @Override
                    long request(ApiKeys api, long journalEnd) {
                        return api == ApiKeys.FETCH ? 0 : super.request(api, journalEnd);
                    }
                });
    }

    static Plant unsyncedHighWatermarkTold() {
        return rules(
                new HoldRules() {
                    @Override
                    long fetchAnswer(long committed, long election) {
                        return election;
                    }
                });
    }

    static Plant snapshotsNotHeld() {
        return rules(
                new HoldRules() {
                    @Override
                    long snapshot(long behind) {
                        return 0;
                    }
                });
    }

    static Plant memoryShownByEveryLeader() {
        return rules(
                new HoldRules() {
                    @Override
                    boolean showsMemory(int voters) {
                        return true;
                    }
                });
    }

    static Plant batchesBeforeTheirTermIsSynced() {
        return rules(
                new HoldRules() {
                    @Override
                    long fetchAnswer(long committed, long election) {
                        return committed;
                    }
                });
    }

    static Plant outcomesNotHeld() {
        return rules(
                new HoldRules() {
                    @Override
                    long shownBelow(Journal journal) {
                        return journal.end();
                    }
                });
    }

    static Plant votesNotHeld() {
        return rules(
                new HoldRules() {
                    @Override
                    long request(ApiKeys api, long journalEnd) {
                        return api == ApiKeys.VOTE ? 0 : super.request(api, journalEnd);
                    }

                    @Override
                    long answer(ApiKeys api, long journalEnd) {
                        return api == ApiKeys.VOTE ? 0 : super.answer(api, journalEnd);
                    }
                });
    }

    static Plant readsNotConfirmed() {
        return rules(
                new HoldRules() {
                    @Override
                    int confirmations(int voters) {
                        return 1;
                    }
                });
    }

    private static Plant recordsLost(RecordType lost, int oneIn) {
        return new Plant() {
            @Override
            Journal journal(Journal sound) {
                return new JournalWrapper(sound) {
                    private int seen;

                    @Override
                    public long append(
                            RecordType type,
                            int group,
                            long baseOffset,
                            long lastOffset,
                            int epoch,
                            ByteBuffer payload,
                            boolean fromReserve) {
                        return type == lost && seen++ % oneIn == 0
                                ? end()
                                : super.append(
                                        type,
                                        group,
                                        baseOffset,
                                        lastOffset,
                                        epoch,
                                        payload,
                                        fromReserve);
                    }
                };
            }
        };
    }

    static Plant electionStateNotWritten() {
        return recordsLost(RecordType.ELECTION_STATE, 1);
    }

    static Plant electionStateSometimesLost() {
        return recordsLost(RecordType.ELECTION_STATE, 3);
    }

    static Plant movedBodiesSometimesLost() {
        return recordsLost(RecordType.BODIES, 3);
    }

    static Plant truncationNotWritten() {
        return recordsLost(RecordType.TRUNCATE, 1);
    }

    static Plant truncationForgotten() {
        return new Plant() {
            @Override
            SimLog log(int group, Journal journal, Snapshots snapshots, SimChecker checker) {
                return new SimLog(group, journal, snapshots, checker) {
                    @Override
                    public void truncateTo(long offset) {}
                };
            }
        };
    }

    static Plant voteForgottenAtStart() {
        return new Plant() {
            @Override
            JournalStateStore store(int group, int nodeId, Journal journal) {
                return new JournalStateStore(group, nodeId, journal) {
                    @Override
                    public Optional<ElectionState> readElectionState() {
                        return super.readElectionState()
                                .map(
                                        state ->
                                                ElectionState.withUnknownLeader(
                                                        state.epoch(), Set.of()));
                    }
                };
            }
        };
    }

    static Plant prefixDeletedBeyondSnapshot() {
        return new Plant() {
            @Override
            SimLog log(int group, Journal journal, Snapshots snapshots, SimChecker checker) {
                return new SimLog(group, journal, snapshots, checker) {
                    @Override
                    public boolean deleteBeforeSnapshot(OffsetAndEpoch id) {
                        long beyond = Math.min(id.offset() + 2, committedEnd());
                        return super.deleteBeforeSnapshot(new OffsetAndEpoch(beyond, id.epoch()));
                    }
                };
            }
        };
    }

    static Plant answeredBeforeTheMajority() {
        return new Plant() {
            @Override
            SimLog log(int group, Journal journal, Snapshots snapshots, SimChecker checker) {
                return new SimLog(group, journal, snapshots, checker) {
                    @Override
                    long committedEnd() {
                        return endOffset().offset();
                    }
                };
            }
        };
    }

    private static Plant ledger(BiFunction<Ledger, Clock, Ledger> broken) {
        return new Plant() {
            @Override
            @SuppressWarnings("unchecked")
            <C, R> StateMachine<C, R> machine(StateMachine<C, R> sound, Clock clock) {
                return (StateMachine<C, R>) broken.apply((Ledger) sound, clock);
            }
        };
    }

    static Plant clockReadInApply() {
        return ledger(
                (sound, clock) ->
                        new Ledger() {
                            @Override
                            public Applied<Long> apply(long offset, long timeMs, Long command) {
                                order += clock.wallMs() / 1_000;
                                return super.apply(offset, timeMs, command);
                            }
                        });
    }

    static Plant snapshotWithoutItsLastEntry() {
        return ledger(
                (sound, clock) ->
                        new Ledger() {
                            private long countBefore;
                            private long orderBefore;
                            private long timeBefore;

                            @Override
                            public Applied<Long> apply(long offset, long timeMs, Long command) {
                                countBefore = count;
                                orderBefore = order;
                                timeBefore = lastTimeMs;
                                return super.apply(offset, timeMs, command);
                            }

                            @Override
                            public void snapshot(SnapshotSink sink) {
                                sink.write(
                                        ByteBuffer.allocate(24)
                                                .putLong(countBefore)
                                                .putLong(orderBefore)
                                                .putLong(timeBefore)
                                                .flip());
                            }
                        });
    }

    static Plant appliedTwiceAfterRestart() {
        return ledger(
                (sound, clock) ->
                        new Ledger() {
                            private boolean restored;

                            @Override
                            public void restore(int version, ByteBuffer section) {
                                super.restore(version, section);
                                restored = true;
                            }

                            @Override
                            public Applied<Long> apply(long offset, long timeMs, Long command) {
                                if (restored) {
                                    restored = false;
                                    super.apply(offset, timeMs, command);
                                }
                                return super.apply(offset, timeMs, command);
                            }
                        });
    }

    /// The drive says that it has synced, and has not.
    static Plant diskThatLies() {
        return new Plant() {
            @Override
            Disk disk(Disk sound) {
                return new LyingDisk(sound);
            }
        };
    }

    private record LyingDisk(Disk disk) implements Disk {

        @Override
        public File open(String name, boolean create) throws IOException {
            File file = disk.open(name, create);
            return new File() {
                @Override
                public void write(ByteBuffer source, long position) throws IOException {
                    file.write(source, position);
                }

                @Override
                public int read(ByteBuffer target, long position) throws IOException {
                    return file.read(target, position);
                }

                @Override
                public long size() throws IOException {
                    return file.size();
                }

                @Override
                public void truncate(long size) throws IOException {
                    file.truncate(size);
                }

                @Override
                public void sync() {}

                @Override
                public void close() throws IOException {
                    file.close();
                }
            };
        }

        @Override
        public boolean exists(String name) throws IOException {
            return disk.exists(name);
        }

        @Override
        public List<String> list(String directory) throws IOException {
            return disk.list(directory);
        }

        @Override
        public void delete(String name) throws IOException {
            disk.delete(name);
        }

        @Override
        public void rename(String from, String to) throws IOException {
            disk.rename(from, to);
        }

        @Override
        public void syncDirectory(String directory) throws IOException {
            disk.syncDirectory(directory);
        }

        @Override
        public long usableBytes() throws IOException {
            return disk.usableBytes();
        }

        @Override
        public long totalBytes() throws IOException {
            return disk.totalBytes();
        }

        @Override
        public Closeable tryLock(String name) throws IOException {
            return disk.tryLock(name);
        }

        @Override
        public String describe(String name) {
            return disk.describe(name);
        }
    }
}
