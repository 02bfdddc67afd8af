/// How the client works. Everything here runs on one thread ([io.mainstay.client.internal.Loop]) unless it says otherwise.
@NullMarked
package io.mainstay.client.internal;

import org.jspecify.annotations.NullMarked;
