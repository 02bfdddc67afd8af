/// What the registry writes to the log, and the bytes of it. Start with [RegistryCommand].
@NullMarked
package io.mainstay.registry.command;

import org.jspecify.annotations.NullMarked;
