package io.mainstay.head.rabbitmq;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `/api/parameters` and `/api/global-parameters`: what plug-ins of RabbitMQ keep there. There are no plug-ins here, so lists are empty but for operator
/// policies, limits of virtual hosts and the cluster's name, which stand there too, and nothing can be put.
final class ParameterCalls {

    static final String OPERATOR_POLICY = "operator_policy";
    static final String VHOST_LIMITS = "vhost-limits";
    private static final String CLUSTER_NAME = "cluster_name";

    private ParameterCalls() {}

    static List<Route> routes() {
        String parameters = "/api/parameters";
        String component = parameters + "/{component}";
        String ofVhost = component + "/{vhost}";
        String one = ofVhost + "/{name}";
        String global = "/api/global-parameters";
        String oneGlobal = global + "/{name}";
        return List.of(
                Route.get(parameters, Need.POLICYMAKER, ParameterCalls::list),
                Route.get(component, Need.POLICYMAKER, ParameterCalls::list),
                Route.get(ofVhost, Need.POLICYMAKER, ParameterCalls::list),
                Route.get(one, Need.POLICYMAKER, ParameterCalls::show),
                Route.put(one, Need.POLICYMAKER, ParameterCalls::put),
                Route.delete(one, Need.POLICYMAKER, ParameterCalls::none),
                Route.get(global, Need.POLICYMAKER, ParameterCalls::listGlobal),
                Route.get(oneGlobal, Need.POLICYMAKER, ParameterCalls::showGlobal),
                Route.put(oneGlobal, Need.ADMINISTRATOR, ParameterCalls::putGlobal),
                Route.delete(oneGlobal, Need.ADMINISTRATOR, ParameterCalls::none));
    }

    /// Operator policies and limits of virtual hosts as parameters.
    private static List<Map<String, @Nullable Object>> all(RabbitRequest request)
            throws RefusedException {
        String component = request.names().get("component");
        return DefinitionsExport.parameters(request.vhostsOfPath()).stream()
                .filter(it -> component == null || component.equals(it.get("component")))
                .toList();
    }

    private static void list(RabbitRequest request) throws RefusedException {
        request.list(all(request));
    }

    private static void show(RabbitRequest request) throws RefusedException {
        for (Map<String, @Nullable Object> parameter : all(request)) {
            if (request.name("name").equals(parameter.get("name"))) {
                request.item(parameter);
                return;
            }
        }
        throw RefusedException.notFound();
    }

    private static void put(RabbitRequest request) throws RefusedException {
        String component = request.name("component");
        throw RefusedException.bad(
                switch (component) {
                    case OPERATOR_POLICY -> "operator policies are put at /api/operator-policies";
                    case VHOST_LIMITS ->
                            "limits of a virtual host are put at /api/vhost-limits, one by one";
                    default ->
                            "Validation failed: component %s not found; shovels, federation and other plug-ins are not available here"
                                    .formatted(component);
                });
    }

    private static void none(RabbitRequest request) throws RefusedException {
        throw RefusedException.notFound();
    }

    static List<Map<String, @Nullable Object>> globals(Services services) {
        List<Map<String, @Nullable Object>> globals = new ArrayList<>();
        Map<String, @Nullable Object> name = new LinkedHashMap<>();
        name.put("name", CLUSTER_NAME);
        name.put("value", services.config().cluster());
        globals.add(name);
        return globals;
    }

    private static void listGlobal(RabbitRequest request) throws RefusedException {
        request.list(globals(request.services()));
    }

    private static void showGlobal(RabbitRequest request) throws RefusedException {
        if (!request.name("name").equals(CLUSTER_NAME)) {
            throw RefusedException.notFound();
        }
        request.item(globals(request.services()).getFirst());
    }

    private static void putGlobal(RabbitRequest request) throws RefusedException {
        throw RefusedException.bad(
                "global parameters are not kept here; the cluster's name is that of the node's configuration");
    }
}
