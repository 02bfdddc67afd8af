/// What heads see of the registry. Start with [Registry].
@NullMarked
package io.mainstay.registry.api;

import org.jspecify.annotations.NullMarked;
