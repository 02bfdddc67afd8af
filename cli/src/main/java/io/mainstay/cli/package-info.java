/// The commands that talk to a running node through its admin API, and what they share: options, tables, exit codes.
///
/// Knows nothing of the server. Kept lean, as a JVM starts for each command: no object mapper, no HTTP library. Start with
/// [io.mainstay.cli.AdminClient].
@NullMarked
package io.mainstay.cli;

import org.jspecify.annotations.NullMarked;
