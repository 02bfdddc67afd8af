package io.mainstay.head.eureka;

import io.mainstay.access.api.Role;
import io.mainstay.head.web.Principal;
import io.vertx.core.http.HttpMethod;

/// The one table of who may do what on Eureka's port: roles say who may change what is registered and who may only read it, the
/// namespaces of a user where.
final class EurekaRights {

    private EurekaRights() {}

    static boolean may(Role role, HttpMethod method) {
        return switch (role) {
            case ADMIN, OPERATOR, SERVICE -> true;
            case VIEWER -> method == HttpMethod.GET;
            case CLIENT -> false;
        };
    }

    /// Whether what the path names is within the namespaces of somebody. Paths that name nothing of a registry are everybody's.
    static boolean reaches(Principal principal, EurekaPath path) {
        return switch (path.call()) {
            case HOME, NONE -> true;
            case APPS,
                    DELTA,
                    APP,
                    INSTANCE,
                    STATUS,
                    METADATA,
                    ANY_INSTANCE,
                    VIP,
                    SECURE_VIP,
                    BATCH,
                    ASG ->
                    principal.reaches(path.namespace());
        };
    }

    /// The names are those of the caller's own namespaces, and of the one that it asked for.
    static String outside(Principal principal, EurekaPath path) {
        return "The user %s is bound to %s and has no part in the namespace %s; another one is chosen by the service URL: http://host:8761/ns/{namespace}/eureka/"
                .formatted(
                        principal.shown(),
                        String.join(", ", principal.namespaces()),
                        path.namespace());
    }

    static String refusal(Principal principal) {
        return "The user %s is a %s and may %s; ADMIN, OPERATOR and SERVICE may register."
                .formatted(
                        principal.shown(),
                        principal.role(),
                        principal.role() == Role.CLIENT ? "use messaging only" : "only read");
    }
}
