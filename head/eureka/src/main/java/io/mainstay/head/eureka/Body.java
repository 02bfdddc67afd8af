package io.mainstay.head.eureka;

import io.mainstay.common.Check;
import io.mainstay.head.web.Gzip;
import io.vertx.core.buffer.Buffer;

import org.jspecify.annotations.Nullable;

/// A document ready to be sent, packed when the first client asks for it so. It says the same for ever; shared by event loops.
///
/// A large one is held in one form only, packed once anybody wants it packed: the full list of a large registry is megabytes.
final class Body {

    /// Up to this many bytes both forms are kept, and either is made at once.
    static final int SMALL_BYTES = 64 << 10;

    private final int size;
    private volatile @Nullable Buffer plain;
    private volatile @Nullable Buffer packed;

    Body(byte[] bytes) {
        this.size = bytes.length;
        this.plain = Buffer.buffer(bytes);
    }

    /// Bytes of the plain form.
    int size() {
        return size;
    }

    /// Whether the wanted form can be had without work that an event loop should not do.
    boolean ready(boolean wantPacked) {
        return size <= SMALL_BYTES || (wantPacked ? packed : plain) != null;
    }

    /// Two threads may unpack at once; either result is good.
    Buffer plain() {
        Buffer present = plain;
        if (present == null) {
            present = unpack(Check.present(packed, "a body without any form"));
            plain = present;
        }
        return present;
    }

    /// Two threads may pack at once; either result is good.
    Buffer packed() {
        Buffer present = packed;
        if (present == null) {
            present = Buffer.buffer(Gzip.pack(plain().getBytes()));
            packed = present;
            if (size > SMALL_BYTES) {
                plain = null;
            }
        }
        return present;
    }

    private Buffer unpack(Buffer from) {
        return switch (Gzip.unpackTrusted(from.getBytes(), size)) {
            case Gzip.Unpacked unpacked -> Buffer.buffer(unpacked.bytes());
            case Gzip.TooLarge _, Gzip.Broken _ ->
                    throw new Check.BrokenAssumption("a body that was packed here is broken");
        };
    }
}
