package io.mainstay.head.rabbitmq;

/// A request that gets an error of RabbitMQ's form.
final class RefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String error;

    RefusedException(int status, String error, String reason) {
        super(reason, null, false, false);
        this.status = status;
        this.error = error;
    }

    static RefusedException bad(String reason) {
        return new RefusedException(400, "bad_request", reason);
    }

    /// What the path names is not there.
    static RefusedException notFound() {
        return new RefusedException(404, "Object Not Found", "Not Found");
    }

    static RefusedException notFound(String reason) {
        return new RefusedException(404, "not_found", reason);
    }

    /// RabbitMQ answers 401 also where somebody is known and may not.
    static RefusedException notAuthorised(String reason) {
        return new RefusedException(401, "not_authorised", reason);
    }

    static RefusedException unavailable(String reason) {
        return new RefusedException(503, "unavailable", reason);
    }

    int status() {
        return status;
    }

    String error() {
        return error;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
