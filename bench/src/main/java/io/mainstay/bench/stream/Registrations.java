package io.mainstay.bench.stream;

import io.mainstay.registry.v1.ClientFrame;
import io.mainstay.registry.v1.Instance;
import io.mainstay.registry.v1.Port;
import io.mainstay.registry.v1.Register;

/// A registration of usual size: three metadata keys.
public final class Registrations {

    private Registrations() {}

    public static ClientFrame.Builder of(String service, String id, long request) {
        return ClientFrame.newBuilder()
                .setRegister(
                        Register.newBuilder()
                                .setRequestId(request)
                                .setInstance(
                                        Instance.newBuilder()
                                                .setService(service)
                                                .setInstanceId(id)
                                                .setHost("host-" + id)
                                                .setIp("127.0.0.1")
                                                .setPort(
                                                        Port.newBuilder()
                                                                .setNumber(8080)
                                                                .setEnabled(true))
                                                .setZone("a")
                                                .putMetadata("management.port", "8080")
                                                .putMetadata("version", "1.4.2")
                                                .putMetadata("zone", "a")));
    }
}
