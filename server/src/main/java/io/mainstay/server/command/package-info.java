/// The commands that run here and not on a node: start, config, doctor, version, completion. Start with
/// [io.mainstay.server.command.StartCommand].
@NullMarked
package io.mainstay.server.command;

import org.jspecify.annotations.NullMarked;
