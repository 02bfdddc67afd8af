/// The commands `mainstay user ...`, one class each; start with [io.mainstay.cli.user.UserCommand].
@NullMarked
package io.mainstay.cli.user;

import org.jspecify.annotations.NullMarked;
