/// What heads call: proposes commands, renews leases, reads views. Start with [RegistryService].
@NullMarked
package io.mainstay.registry.service;

import org.jspecify.annotations.NullMarked;
