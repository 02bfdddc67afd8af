/// One script, two brokers: the same random calls to a node and to another AMQP broker, and what a client sees of them compared step by step.
///
/// [ScriptMaker] makes [Step]s from a seed, a [ScriptClient] does them and says what it saw as an [Answer]. What may differ stands in
/// `docs/protocols/amqp-deviations.md`.
@NullMarked
package io.mainstay.it.amqp.differential;

import org.jspecify.annotations.NullMarked;
