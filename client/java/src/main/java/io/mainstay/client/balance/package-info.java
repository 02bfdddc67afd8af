/// Choosing among the instances of a service, and learning from what came of it. Begin with
/// [io.mainstay.client.balance.LoadBalancer].
@NullMarked
package io.mainstay.client.balance;

import org.jspecify.annotations.NullMarked;
