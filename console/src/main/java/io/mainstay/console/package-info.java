/// The web page for people: sources in `web`, built with npm into the resources below [ConsolePage#ROOT], where it is committed, so that
/// the Java build needs no npm. It speaks the admin API only.
@NullMarked
package io.mainstay.console;

import org.jspecify.annotations.NullMarked;
