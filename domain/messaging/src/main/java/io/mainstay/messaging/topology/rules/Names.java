package io.mainstay.messaging.topology.rules;

/// Resources as RabbitMQ names them in its sentences.
public final class Names {

    private Names() {}

    public static String queue(String vhost, String name) {
        return "queue '" + name + "' in vhost '" + vhost + "'";
    }

    public static String exchange(String vhost, String name) {
        return "exchange '" + name + "' in vhost '" + vhost + "'";
    }
}
