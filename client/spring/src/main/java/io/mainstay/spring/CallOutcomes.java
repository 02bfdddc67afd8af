package io.mainstay.spring;

import io.mainstay.client.balance.Failure;
import io.mainstay.client.balance.Pick;

import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.CompletionContext;
import org.springframework.cloud.client.loadbalancer.LoadBalancerLifecycle;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.client.loadbalancer.ResponseData;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpTimeoutException;

/// Tells the balancer what came of each call, so that an instance that fails gets no more of them for a while.
///
/// | outcome | means |
/// |---|---|
/// | no connection, or it broke | nobody there |
/// | too late, or a status from 500 | it answered badly |
/// | any other status | it is well |
/// | any other exception | nothing: the caller may have made it |
final class CallOutcomes implements LoadBalancerLifecycle<Object, Object, ServiceInstance> {
    private static final int SERVER_ERROR = 500;

    /// Causes that are looked through; a chain may be a circle.
    private static final int MAX_CAUSES = 16;

    @Override
    public void onStart(Request<Object> request) {
        // Nothing is chosen yet.
    }

    @Override
    public void onStartRequest(Request<Object> request, Response<ServiceInstance> response) {
        // The pick counts as in flight since it was chosen.
    }

    @Override
    public void onComplete(CompletionContext<Object, ServiceInstance, Object> context) {
        Response<ServiceInstance> chosen = context.getLoadBalancerResponse();
        if (chosen == null || !(chosen.getServer() instanceof PickedServiceInstance picked)) {
            return;
        }
        Pick pick = picked.pick();
        switch (context.status()) {
            case SUCCESS -> {
                if (context.getClientResponse() instanceof ResponseData response
                        && response.getHttpStatus() != null
                        && response.getHttpStatus().value() >= SERVER_ERROR) {
                    pick.failed(Failure.RESPONSE);
                } else {
                    pick.succeeded();
                }
            }
            case FAILED -> {
                Failure failure = failure(context.getThrowable());
                if (failure != null) {
                    pick.failed(failure);
                } else {
                    pick.close();
                }
            }
            case DISCARD -> pick.close();
        }
    }

    /// @return `null` if it says nothing about the instance
    static @Nullable Failure failure(@Nullable Throwable thrown) {
        Throwable cause = thrown;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
            if (cause instanceof InterruptedIOException || cause instanceof HttpTimeoutException) {
                return Failure.RESPONSE;
            }
            if (cause instanceof IOException) {
                return Failure.CONNECTION;
            }
            cause = cause.getCause();
        }
        return null;
    }
}
