package io.mainstay.head.eureka;

import io.mainstay.head.web.Gzip;
import io.vertx.core.buffer.Buffer;

import org.jspecify.annotations.Nullable;

/// A document ready to be sent, packed when the first client asks for it so. Immutable but for that; shared by event loops.
final class Body {

    private final byte[] bytes;
    private final Buffer plain;
    private volatile @Nullable Buffer packed;

    Body(byte[] bytes) {
        this.bytes = bytes;
        this.plain = Buffer.buffer(bytes);
    }

    int size() {
        return bytes.length;
    }

    Buffer plain() {
        return plain;
    }

    /// Two threads may pack at once; either result is good.
    Buffer packed() {
        Buffer present = packed;
        if (present == null) {
            present = Buffer.buffer(Gzip.pack(bytes));
            packed = present;
        }
        return present;
    }
}
