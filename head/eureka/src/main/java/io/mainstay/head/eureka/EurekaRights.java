package io.mainstay.head.eureka;

import io.mainstay.access.api.Role;
import io.mainstay.head.web.Principal;
import io.vertx.core.http.HttpMethod;

/// The one table from roles to Eureka's calls: who may change what is registered, and who may only read it.
final class EurekaRights {

    private EurekaRights() {}

    static boolean may(Role role, HttpMethod method) {
        return switch (role) {
            case ADMIN, OPERATOR, SERVICE -> true;
            case VIEWER -> method == HttpMethod.GET;
        };
    }

    static String refusal(Principal principal) {
        return "The user %s is a %s and may only read; ADMIN, OPERATOR and SERVICE may register."
                .formatted(principal.shown(), principal.role());
    }
}
