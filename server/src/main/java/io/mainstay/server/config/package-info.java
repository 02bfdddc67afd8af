/// What can be set, where each value came from, and the typed result.
///
/// One table ([Settings]) knows every key. [ConfigLoader] lays four layers over each other (flag, environment, file, default),
/// refuses what is unknown or impossible with its origin, all errors at once, and makes a [NodeConfig]. Start with [Settings].
@NullMarked
package io.mainstay.server.config;

import org.jspecify.annotations.NullMarked;
