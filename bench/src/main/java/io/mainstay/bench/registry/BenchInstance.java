package io.mainstay.bench.registry;

/// A registration of usual size: three metadata keys, about 700 bytes, a beat each third of its lease.
final class BenchInstance {

    private BenchInstance() {}

    static String json(String app, String id, int leaseSeconds) {
        return """
        {"instance":{"instanceId":"%2$s","hostName":"host-%2$s","app":"%1$s","ipAddr":"127.0.0.1",\
        "status":"UP","overriddenStatus":"UNKNOWN","port":{"$":8080,"@enabled":"true"},\
        "securePort":{"$":443,"@enabled":"false"},"countryId":1,\
        "dataCenterInfo":{"@class":"com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo","name":"MyOwn"},\
        "leaseInfo":{"renewalIntervalInSecs":%4$d,"durationInSecs":%3$d},\
        "metadata":{"management.port":"8080","version":"1.4.2","zone":"a"},\
        "homePageUrl":"http://host-%2$s:8080/","statusPageUrl":"http://host-%2$s:8080/info",\
        "healthCheckUrl":"http://host-%2$s:8080/health","vipAddress":"bench","secureVipAddress":"bench",\
        "isCoordinatingDiscoveryServer":"false","lastUpdatedTimestamp":"1700000000000",\
        "lastDirtyTimestamp":"1700000000000"}}
        """
                .formatted(app, id, leaseSeconds, Math.max(1, leaseSeconds / 3));
    }
}
