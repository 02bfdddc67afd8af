package io.mainstay.it.amqp;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

import java.io.IOException;
import java.io.UncheckedIOException;

/// One broker for all classes, started by the first one and closed after the last one.
final class SharedBroker implements ExecutionCondition, ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(SharedBroker.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return broker(context).listens()
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
        Broker broker = broker(context);
        if (parameter.getParameter().getType() == Broker.class) {
            return broker;
        }
        return context.getStore(NAMESPACE)
                .computeIfAbsent(
                        "amqp " + context.getUniqueId(), key -> new Amqp(broker), Amqp.class);
    }

    private static Broker broker(ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent("broker", key -> started(), Broker.class);
    }

    private static Broker started() {
        try {
            return Broker.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
