package io.mainstay.it.amqp;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

import java.io.IOException;
import java.io.UncheckedIOException;

/// One broker for all classes of this JVM, started by the first one; it ends with the JVM, since what runs the tests may run each class on its own.
final class SharedBroker implements ExecutionCondition, ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(SharedBroker.class);

    /// Started when it is asked for.
    private static final class Holder {
        static final Broker BROKER = started();
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return Holder.BROKER.listens()
                ? ConditionEvaluationResult.enabled("a broker listens")
                : ConditionEvaluationResult.disabled("the node has no head for AMQP");
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Amqp.class || type == Broker.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Broker broker = Holder.BROKER;
        if (parameter.getParameter().getType() == Broker.class) {
            return broker;
        }
        return context.getStore(NAMESPACE)
                .computeIfAbsent(
                        "amqp " + context.getUniqueId(), key -> new Amqp(broker), Amqp.class);
    }

    private static Broker started() {
        try {
            Broker broker = Broker.start();
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(broker::close, "end of the shared broker"));
            return broker;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
