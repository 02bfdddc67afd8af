/// The admin API, health and metrics. Start with [HttpHead].
@NullMarked
package io.mainstay.head.http;

import org.jspecify.annotations.NullMarked;
