package io.mainstay.messaging.topology.view;

import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.FieldValue;
import io.mainstay.messaging.topology.rules.FieldNumbers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What the arguments of a binding ask of headers. `x-match` is `all` (also if it is missing), `any`, or one of these with `-with-x`; without that,
/// arguments that begin with `x-` ask nothing. A void argument asks that the header is there; numbers are compared by value.
///
/// @param all all must fit, otherwise one of them
record HeaderMatch(boolean all, List<Wish> wishes) {

    static final String X_MATCH = "x-match";

    static HeaderMatch of(FieldTable arguments) {
        String match = arguments.get(X_MATCH) instanceof String text ? text : "all";
        boolean withX = match.endsWith("-with-x");
        List<Wish> wishes = new ArrayList<>();
        for (Map.Entry<String, Object> argument : arguments.values().entrySet()) {
            String name = argument.getKey();
            if (withX ? !name.equals(X_MATCH) : !name.startsWith("x-")) {
                wishes.add(new Wish(name, FieldNumbers.comparable(argument.getValue())));
            }
        }
        return new HeaderMatch(!match.startsWith("any"), List.copyOf(wishes));
    }

    boolean matches(FieldTable headers) {
        for (Wish wish : wishes) {
            if (wish.isFulfilled(headers) != all) {
                return !all;
            }
        }
        return all;
    }

    /// @param value comparable, see [FieldNumbers#comparable]
    record Wish(String name, Object value) {
        boolean isFulfilled(FieldTable headers) {
            Object found = headers.get(name);
            return found != null
                    && (value instanceof FieldValue.Void
                            || value.equals(FieldNumbers.comparable(found)));
        }
    }
}
