package io.mainstay.server.config;

/// The protocols that Mainstay speaks or will speak, with the port where their clients look. All keys are known from the start;
/// a head that is not built yet binds nothing.
public enum Head {
    HTTP("http", 8700, "admin API, console, metrics, health"),
    EUREKA("eureka", 8761, "Eureka's REST protocol"),
    GRPC("grpc", 8701, "the streaming client"),
    AMQP("amqp", 5672, "AMQP 0-9-1"),
    AMQPS("amqps", 5671, "AMQP 0-9-1 over TLS"),
    RABBITMQ("rabbitmq", 15672, "RabbitMQ's management API"),
    RABBITMQ_METRICS("rabbitmq-metrics", 15692, "metrics where RabbitMQ's scrapers look"),
    KAFKA("kafka", 9092, "the Kafka protocol"),
    ZOOKEEPER("zookeeper", 2181, "the ZooKeeper client protocol"),
    GATEWAY("gateway", 8000, "the API gateway"),
    PEER("peer", 7000, "raft and forwarding between nodes");

    private final String id;
    private final int usualPort;
    private final String speaks;

    Head(String id, int usualPort, String speaks) {
        this.id = id;
        this.usualPort = usualPort;
        this.speaks = speaks;
    }

    /// Its name in keys and in the ready file.
    public String id() {
        return id;
    }

    public int usualPort() {
        return usualPort;
    }

    public String speaks() {
        return speaks;
    }
}
