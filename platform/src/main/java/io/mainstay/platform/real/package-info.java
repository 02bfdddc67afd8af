/// The real clock, disk and threads. Start with [RealPlatform].
@NullMarked
package io.mainstay.platform.real;

import org.jspecify.annotations.NullMarked;
