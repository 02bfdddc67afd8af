package io.mainstay.kernel.group;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;

/// Commands whose bodies are read again, some long after others that came later are gone.
final class ShelfWorkload implements Workload {

    private static final int KEPT = 10;

    @Override
    public List<StateMachine<?, ?>> machines(SimHost host, int group) {
        return List.of(new Shelf());
    }

    @Override
    public Command command(int group, long number, RandomGenerator random) {
        int most = random.nextInt(8) == 0 ? 6_000 : 400;
        byte[] body = new byte[1 + random.nextInt(most)];
        random.nextBytes(body);
        ByteBuffer bytes = Shelf.put(number, KEPT, body);
        return new Command(MachineId.QUEUES, 1, bytes);
    }

    @Override
    public boolean repeatsCommands() {
        return false;
    }
}
