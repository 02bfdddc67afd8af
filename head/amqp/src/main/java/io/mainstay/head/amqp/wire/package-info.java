/// AMQP 0-9-1 on the wire: frames and methods as bytes, and nothing of what they mean. Start at [FrameDecoder] and [Method].
@NullMarked
package io.mainstay.head.amqp.wire;

import org.jspecify.annotations.NullMarked;
