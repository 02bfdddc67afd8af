/// The commands `mainstay user ...`; start with [io.mainstay.cli.user.UserCommand].
@NullMarked
package io.mainstay.cli.user;

import org.jspecify.annotations.NullMarked;
