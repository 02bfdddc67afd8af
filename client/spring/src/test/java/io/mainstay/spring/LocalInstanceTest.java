package io.mainstay.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mainstay.client.Instance;
import io.mainstay.client.InstanceStatus;

import org.junit.jupiter.api.Test;
import org.springframework.cloud.commons.util.InetUtils;
import org.springframework.cloud.commons.util.InetUtilsProperties;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

import java.util.Map;

class LocalInstanceTest {
    private final MainstayDiscoveryProperties properties = new MainstayDiscoveryProperties();

    LocalInstanceTest() {
        properties.setHostname("host-7");
        properties.setIpAddress("10.0.0.7");
    }

    private Instance describe(Map<String, Object> environment) {
        StandardEnvironment spring = new StandardEnvironment();
        spring.getPropertySources().addFirst(new MapPropertySource("test", environment));
        try (InetUtils network = new InetUtils(new InetUtilsProperties())) {
            return new LocalInstance(properties, spring, network).describe(InstanceStatus.UP);
        }
    }

    @Test
    void nameHostAndPortComeFromTheApplication() {
        Instance instance =
                describe(Map.of("spring.application.name", "Orders", "local.server.port", "4711"));
        assertThat(instance.service()).isEqualTo("orders");
        assertThat(instance.instanceId()).isEqualTo("host-7:Orders:4711");
        assertThat(instance.host()).isEqualTo("host-7");
        assertThat(instance.ip()).isEqualTo("10.0.0.7");
        assertThat(instance.port()).isEqualTo(4711);
        assertThat(instance.secure()).isFalse();
        assertThat(instance.metadata()).isEmpty();
    }

    @Test
    void propertiesPrevail() {
        properties.setService("payment");
        properties.setInstanceId("one");
        properties.setPreferIpAddress(true);
        properties.setPort(80);
        properties.setZone("west");
        properties.setWeight(7);
        properties.setLabels(Map.of("version", "2"));
        properties.setMetadata(Map.of("a", "b"));
        Instance instance =
                describe(
                        Map.of(
                                "spring.application.name", "orders",
                                "local.server.port", "4711",
                                "local.management.port", "4712"));
        assertThat(instance.service()).isEqualTo("payment");
        assertThat(instance.instanceId()).isEqualTo("one");
        assertThat(instance.host()).isEqualTo("10.0.0.7");
        assertThat(instance.port()).isEqualTo(80);
        assertThat(instance.zone()).isEqualTo("west");
        assertThat(instance.weight()).isEqualTo(7);
        assertThat(instance.labels()).containsEntry("version", "2");
        assertThat(instance.metadata())
                .isEqualTo(Map.of("a", "b", "zone", "west", "management.port", "4712"));
    }

    @Test
    void aWebServerWithTlsIsCalledAtItsTlsPort() {
        Instance instance =
                describe(
                        Map.of(
                                "spring.application.name", "orders",
                                "local.server.port", "8443",
                                "server.ssl.bundle", "web"));
        assertThat(instance.port()).isZero();
        assertThat(instance.securePort()).isEqualTo(8443);
        assertThat(new MainstayServiceInstance(instance).getUri())
                .hasToString("https://host-7:8443");
    }

    @Test
    void anApplicationWithoutANameIsToldWhichPropertyHelps() {
        assertThatThrownBy(() -> describe(Map.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("spring.application.name")
                .hasMessageContaining("mainstay.discovery.register=false");
    }

    @Test
    void springsBalancersFindZoneWeightAndLabelsInTheMetadata() {
        Instance instance =
                Instance.of("orders", "1", "::1", 80)
                        .zone("west")
                        .label("version", "2")
                        .metadata("weight", "9")
                        .build();
        MainstayServiceInstance seen = new MainstayServiceInstance(instance);
        assertThat(seen.getMetadata())
                .isEqualTo(Map.of("zone", "west", "weight", "9", "version", "2"));
        assertThat(seen.getUri()).hasToString("http://[::1]:80");
    }
}
