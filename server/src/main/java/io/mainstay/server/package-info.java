/// The program `mainstay`: its root command. Start with [io.mainstay.server.Main].
@NullMarked
package io.mainstay.server;

import org.jspecify.annotations.NullMarked;
