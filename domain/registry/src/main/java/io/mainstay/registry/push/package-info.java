/// Tells subscribers of a service what changed, from the revision that each has to the present one.
///
/// ```
/// machine publishes → ServiceChannel (what is) → PushEngine (when, and to whom) → SelectionFeed (what that is for one selector)
///                   → Subscriber (a head's connection)
/// ```
/// Nobody has a queue: who is slow or busy is told later, once, from where it was to what then is. Start with [PushEngine].
@NullMarked
package io.mainstay.registry.push;

import org.jspecify.annotations.NullMarked;
