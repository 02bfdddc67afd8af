/// Who may do what: users with one role each, and their tokens. Start with [Access].
@NullMarked
package io.mainstay.access.api;

import org.jspecify.annotations.NullMarked;
