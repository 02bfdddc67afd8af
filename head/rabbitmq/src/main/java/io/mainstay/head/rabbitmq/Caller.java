package io.mainstay.head.rabbitmq;

import io.mainstay.access.api.UserTags;
import io.mainstay.messaging.api.TopologyView;
import io.mainstay.messaging.api.TopologyView.Operation;

import java.util.List;

/// Who asks, with the tags that say what they may see and do. An administrator may everything, without permissions in virtual hosts too.
record Caller(String name, List<String> tags) {

    /// The name of the default exchange where permissions are asked for.
    private static final String DEFAULT_EXCHANGE = "amq.default";

    Caller {
        tags = List.copyOf(tags);
    }

    boolean isAdministrator() {
        return tags.contains(UserTags.ADMINISTRATOR);
    }

    boolean isMonitor() {
        return isAdministrator() || tags.contains(UserTags.MONITORING);
    }

    boolean isPolicymaker() {
        return isAdministrator() || tags.contains(UserTags.POLICYMAKER);
    }

    boolean isManager() {
        return isMonitor() || isPolicymaker() || tags.contains(UserTags.MANAGEMENT);
    }

    /// To read what is in the virtual host.
    boolean sees(TopologyView view, String vhost) {
        return isMonitor() || view.permission(name, vhost) != null;
    }

    /// To change what is in it, as far as permissions go.
    boolean enters(TopologyView view, String vhost) {
        return isAdministrator() || view.permission(name, vhost) != null;
    }

    /// @throws RefusedException with RabbitMQ's sentence
    void needs(TopologyView view, String vhost, Operation operation, String resource)
            throws RefusedException {
        String asked = resource.isEmpty() ? DEFAULT_EXCHANGE : resource;
        if (!isAdministrator() && !view.may(name, vhost, operation, asked)) {
            throw RefusedException.notAuthorised(
                    "ACCESS_REFUSED - %s access to '%s' in vhost '%s' refused for user '%s'"
                            .formatted(
                                    switch (operation) {
                                        case CONFIGURE -> "configure";
                                        case WRITE -> "write";
                                        case READ -> "read";
                                    },
                                    asked,
                                    vhost,
                                    name));
        }
    }

    /// For the routing key at a topic exchange.
    void needsTopic(
            TopologyView view, String vhost, String exchange, Operation operation, String key)
            throws RefusedException {
        if (!isAdministrator() && !view.mayTopic(name, vhost, exchange, operation, key)) {
            throw RefusedException.notAuthorised(
                    "ACCESS_REFUSED - access to topic '%s' in exchange '%s' in vhost '%s' refused for user '%s'"
                            .formatted(key, exchange, vhost, name));
        }
    }
}
