package io.mainstay.head.rabbitmq;

/// What a call needs of its caller's tags; what it needs in a virtual host comes beside that.
enum Need {
    /// Nothing: who may enter at all.
    ANYBODY(""),
    MANAGEMENT("Not management user"),
    MONITORING("Not monitor user"),
    POLICYMAKER("User not authorised to access object"),
    ADMINISTRATOR("Not administrator user");

    private final String refusal;

    Need(String refusal) {
        this.refusal = refusal;
    }

    boolean isMetBy(Caller caller) {
        return switch (this) {
            case ANYBODY -> true;
            case MANAGEMENT -> caller.isManager();
            case MONITORING -> caller.isMonitor();
            case POLICYMAKER -> caller.isPolicymaker();
            case ADMINISTRATOR -> caller.isAdministrator();
        };
    }

    /// RabbitMQ's sentence; whoever may not enter at all is told that.
    String refusal(Caller caller) {
        return caller.isManager() ? refusal : MANAGEMENT.refusal;
    }
}
