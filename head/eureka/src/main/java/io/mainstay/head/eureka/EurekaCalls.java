package io.mainstay.head.eureka;

import io.mainstay.head.web.Answers;
import io.mainstay.head.web.AuthGate;
import io.mainstay.head.web.Bodies;
import io.mainstay.head.web.Principal;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.Registry;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// From a request to its call: credentials, path, method. A refusal is a sentence of plain text, never HTML: clients try to parse it.
final class EurekaCalls implements Handler<HttpServerRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(EurekaCalls.class);

    private static final CharSequence ORIGIN = HttpHeaders.createOptimized("Origin");

    private static final Pattern ANY_ADDRESS = Pattern.compile("//(0\\.0\\.0\\.0|\\[::])(?=:)");

    private final EurekaHeadConfig config;
    private final Registry inward;
    private final AuthGate gate;
    private final EurekaReads reads;
    private final EurekaChanges changes;

    EurekaCalls(
            EurekaHeadConfig config,
            Registry inward,
            AuthGate gate,
            EurekaReads reads,
            EurekaChanges changes) {
        this.config = config;
        this.inward = inward;
        this.gate = gate;
        this.reads = reads;
        this.changes = changes;
    }

    /// A call with a body, after it has come.
    private interface BodyCall {
        void run(byte[] body) throws BadInputException;
    }

    @Override
    public void handle(HttpServerRequest request) {
        if (request.method() != HttpMethod.GET && request.headers().contains(ORIGIN)) {
            // Only browsers send it, and a page of any site may send to a port of this machine.
            Answers.refuse(request, 403, "A web page may not change what is registered.");
        } else {
            gate.enter(request, principal -> admitted(request, principal));
        }
    }

    private void admitted(HttpServerRequest request, Principal principal) {
        if (!EurekaRights.may(principal.role(), request.method())) {
            Answers.refuse(request, 403, EurekaRights.refusal(principal));
            return;
        }
        try {
            String path = request.path();
            EurekaPath called = EurekaPath.parse(path == null ? "" : path);
            if (called.call() != EurekaPath.Call.NONE) {
                request.routed(called.call().route());
            }
            if (EurekaRights.reaches(principal, called)) {
                dispatch(request, called);
            } else {
                Answers.refuse(request, 403, EurekaRights.outside(principal, called));
            }
        } catch (BadInputException bad) {
            refuse(request, bad);
        }
    }

    private void dispatch(HttpServerRequest request, EurekaPath path) throws BadInputException {
        HttpMethod method = request.method();
        boolean get = method == HttpMethod.GET;
        switch (path.call()) {
            case INSTANCE -> instance(request, method, key(path));
            case APPS -> {
                if (get) {
                    reads.full(request, Form.wanted(request.headers()), path.namespace());
                } else {
                    Answers.refuse(request, 405, "");
                }
            }
            case DELTA -> {
                if (get) {
                    reads.delta(request, Form.wanted(request.headers()), path.namespace());
                } else {
                    Answers.refuse(request, 405, "");
                }
            }
            case APP -> {
                if (get) {
                    reads.app(
                            request, Form.wanted(request.headers()), path.namespace(), path.app());
                } else if (method == HttpMethod.POST) {
                    withBody(
                            request,
                            EurekaLimits.REGISTRATION_BYTES,
                            body -> changes.register(request, path.namespace(), path.app(), body));
                } else {
                    Answers.refuse(request, 405, "");
                }
            }
            case STATUS -> status(request, method, key(path));
            case METADATA -> {
                if (method == HttpMethod.PUT) {
                    changes.metadata(request, key(path));
                } else {
                    Answers.refuse(request, 405, "");
                }
            }
            case ANY_INSTANCE -> {
                if (get) {
                    reads.anyInstance(
                            request, Form.wanted(request.headers()), path.namespace(), path.id());
                } else {
                    Answers.refuse(request, 405, "");
                }
            }
            case VIP, SECURE_VIP -> {
                boolean secure = path.call() == EurekaPath.Call.SECURE_VIP;
                if (get) {
                    reads.vip(
                            request,
                            Form.wanted(request.headers()),
                            path.namespace(),
                            path.id(),
                            secure);
                } else {
                    Answers.refuse(request, 405, "");
                }
            }
            case BATCH -> {
                if (!path.namespace().equals(InstanceKey.DEFAULT_NAMESPACE)) {
                    Answers.refuse(
                            request,
                            404,
                            "Eureka servers replicate to the namespace default only.");
                } else if (method == HttpMethod.POST) {
                    withBody(request, EurekaLimits.BATCH_BYTES, body -> batch(request, body));
                } else {
                    Answers.refuse(request, 405, "");
                }
            }
            case ASG -> Answers.empty(request, method == HttpMethod.PUT ? 200 : 405);
            case HOME -> home(request);
            case NONE -> Answers.refuse(request, 404, "");
        }
    }

    private void instance(HttpServerRequest request, HttpMethod method, InstanceKey key)
            throws BadInputException {
        if (method == HttpMethod.PUT) {
            changes.renew(request, key);
        } else if (method == HttpMethod.GET) {
            reads.instance(request, Form.wanted(request.headers()), key);
        } else if (method == HttpMethod.DELETE) {
            changes.cancel(request, key);
        } else {
            Answers.refuse(request, 405, "");
        }
    }

    private void status(HttpServerRequest request, HttpMethod method, InstanceKey key)
            throws BadInputException {
        if (method == HttpMethod.PUT) {
            changes.override(request, key);
        } else if (method == HttpMethod.DELETE) {
            changes.clearOverride(request, key);
        } else {
            Answers.refuse(request, 405, "");
        }
    }

    private void batch(HttpServerRequest request, byte[] body) throws BadInputException {
        PeerBatch.run(inward, changes, InstanceKey.DEFAULT_NAMESPACE, request, body);
    }

    private void home(HttpServerRequest request) {
        if (config.consoleUrl().isEmpty()) {
            Answers.refuse(request, 404, "");
        } else {
            request.response()
                    .setStatusCode(302)
                    .putHeader(HttpHeaders.LOCATION, console(request))
                    .end();
        }
    }

    /// A node that is bound to every address is asked for by one of them, and no browser gets further with `0.0.0.0`.
    private String console(HttpServerRequest request) {
        HostAndPort asked = request.authority();
        return asked == null
                ? config.consoleUrl()
                : ANY_ADDRESS
                        .matcher(config.consoleUrl())
                        .replaceFirst(Matcher.quoteReplacement("//" + asked.host()));
    }

    private void withBody(HttpServerRequest request, int maxBytes, BodyCall call) {
        Bodies.read(
                request,
                maxBytes,
                body -> {
                    try {
                        call.run(body);
                    } catch (BadInputException bad) {
                        refuse(request, bad);
                    }
                });
    }

    private static void refuse(HttpServerRequest request, BadInputException bad) {
        if (LOG.isInfoEnabled()) {
            LOG.info(
                    "Refused a {} from {}: {}",
                    request.method(),
                    request.remoteAddress(),
                    printable(String.valueOf(bad.getMessage())));
        }
        Answers.refuse(request, 400, String.valueOf(bad.getMessage()));
    }

    /// A stranger's text must not forge lines of the log.
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    private static InstanceKey key(EurekaPath path) {
        return new InstanceKey(path.namespace(), path.app(), path.id());
    }
}
