package io.mainstay.platform.real;

import io.mainstay.platform.Platform;
import io.mainstay.platform.Secrets;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.SplittableRandom;

/// Makes the [Platform] of a running node.
public final class RealPlatform {

    private RealPlatform() {}

    /// @param dataDirectory made if missing, for its owner only
    public static Platform at(Path dataDirectory) throws IOException {
        long seed = ByteBuffer.wrap(Secrets.bytes(Long.BYTES)).getLong();
        return new Platform(
                new SystemClock(),
                new SplittableRandom(seed),
                new FileDisk(dataDirectory),
                new SystemThreads());
    }
}
