package io.mainstay.head.http;

import io.mainstay.access.api.AccessOutcome;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/// The one table from outcomes of changes of users to answers.
final class UserAnswers {

    private UserAnswers() {}

    static void exists(AdminRequest request, String sentence) {
        request.error(412, "exists", sentence, "the call without If-None-Match, which changes it");
    }

    /// Answers with `made` and the revision, and leaves a line in the audit log.
    static Consumer<AccessOutcome> done(
            AdminRequest request, String what, int status, Map<String, Object> made) {
        Consumer<AccessOutcome> answer =
                request.onLoop(outcome -> answer(request, outcome, status, made));
        return outcome -> {
            Audit.note(request.principal(), what, outcome);
            answer.accept(outcome);
        };
    }

    private static void answer(
            AdminRequest request, AccessOutcome outcome, int status, Map<String, Object> made) {
        switch (outcome) {
            case AccessOutcome.Done(long revision) -> {
                Map<String, Object> fields = new LinkedHashMap<>(made);
                fields.put("revision", revision);
                request.answer(status, fields);
            }
            case AccessOutcome.NotFound notFound ->
                    request.error(404, "no-user", "there is no such user or token", "");
            case AccessOutcome.Refused refused ->
                    request.error(
                            switch (refused.reason()) {
                                case INVALID -> 400;
                                case LAST_ADMIN -> 409;
                                case LIMIT -> 413;
                                case UNAVAILABLE -> 503;
                            },
                            refused.reason().name(),
                            refused.why(),
                            "");
            case AccessOutcome.Unknown unknown ->
                    request.error(503, "UNKNOWN", unknown.why(), "the same call again");
        }
    }
}
