package io.mainstay.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.client.Instance;
import io.mainstay.client.ServiceView;
import io.mainstay.client.balance.Failure;
import io.mainstay.client.balance.LoadBalancer;
import io.mainstay.client.balance.Pick;
import io.mainstay.client.balance.Policy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.CompletionContext;
import org.springframework.cloud.client.loadbalancer.DefaultRequest;
import org.springframework.cloud.client.loadbalancer.DefaultResponse;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.ResponseData;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.util.LinkedMultiValueMap;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

class CallOutcomesTest {
    private final ServiceView view =
            new ServiceView(
                    "payment",
                    1,
                    List.of(
                            Instance.of("payment", "a", "127.0.0.1", 1).build(),
                            Instance.of("payment", "b", "127.0.0.1", 2).build()),
                    ServiceView.Freshness.LIVE,
                    0);
    private final LoadBalancer balancer = LoadBalancer.of(() -> view, Policy.roundRobin());
    private final CallOutcomes outcomes = new CallOutcomes();

    /// One call to whoever is next.
    private void call(
            CompletionContext.Status status,
            @Nullable Throwable thrown,
            @Nullable HttpStatus answer) {
        Pick pick = balancer.pick().orElseThrow();
        Request<Object> request = new DefaultRequest<>(new Object());
        ServiceInstance chosen = new PickedServiceInstance(pick);
        Object response =
                answer == null
                        ? null
                        : new ResponseData(
                                answer, new HttpHeaders(), new LinkedMultiValueMap<>(), null);
        outcomes.onStart(request);
        outcomes.onStartRequest(request, new DefaultResponse(chosen));
        outcomes.onComplete(
                new CompletionContext<>(
                        status, thrown, request, new DefaultResponse(chosen), response));
    }

    private Set<String> chosen() {
        Set<String> ids = new TreeSet<>();
        for (int i = 0; i < 4; i++) {
            Pick pick = balancer.pick().orElseThrow();
            ids.add(pick.instance().instanceId());
            pick.close();
        }
        return ids;
    }

    @Test
    void anInstanceThatCannotBeReachedGetsNoFurtherCall() {
        call(CompletionContext.Status.FAILED, new ConnectException("refused"), null);
        assertThat(chosen()).containsExactly("b");
    }

    @Test
    void oneBadAnswerIsForgivenAndAGoodOneIsNothing() {
        call(CompletionContext.Status.SUCCESS, null, HttpStatus.SERVICE_UNAVAILABLE);
        call(CompletionContext.Status.SUCCESS, null, HttpStatus.NOT_FOUND);
        assertThat(chosen()).containsExactly("a", "b");
    }

    @Test
    void badAnswersInARowEject() {
        for (int i = 0; i < 5; i++) {
            // By turns: every bad one hits the same instance.
            call(CompletionContext.Status.SUCCESS, null, HttpStatus.INTERNAL_SERVER_ERROR);
            call(CompletionContext.Status.SUCCESS, null, HttpStatus.OK);
        }
        assertThat(chosen()).containsExactly("b");
    }

    @Test
    void theCauseTellsWhoIsToBlame() {
        assertThat(CallOutcomes.failure(new RuntimeException(new ConnectException())))
                .isEqualTo(Failure.CONNECTION);
        assertThat(CallOutcomes.failure(new IOException("reset"))).isEqualTo(Failure.CONNECTION);
        assertThat(CallOutcomes.failure(new SocketTimeoutException("read")))
                .isEqualTo(Failure.RESPONSE);
        assertThat(CallOutcomes.failure(new IllegalStateException("the caller's own"))).isNull();
        assertThat(CallOutcomes.failure(null)).isNull();
    }
}
