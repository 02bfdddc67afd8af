/// The commands `mainstay registry ...`, one class each; start with [io.mainstay.cli.registry.RegistryCommand].
@NullMarked
package io.mainstay.cli.registry;

import org.jspecify.annotations.NullMarked;
