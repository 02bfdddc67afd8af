package io.mainstay.common;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamespaceNameTest {

    @ParameterizedTest
    @ValueSource(strings = {"default", "team-a", "A", "9", "a.b_c-D", "x..y"})
    void simpleNamesAreTaken(String name) {
        assertThat(NamespaceName.isGood(name)).isTrue();
        assertThat(NamespaceName.isGood(name.repeat(64).substring(0, 64))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", ".", "..", "-a", "_a", "a b", "a/b", "a\n", "ä", "a%2Fb", "a\u0000"
            })
    void otherNamesAreNot(String name) {
        assertThat(NamespaceName.isGood(name)).isFalse();
        assertThat(NamespaceName.isGood("a".repeat(65) + name)).isFalse();
    }
}
