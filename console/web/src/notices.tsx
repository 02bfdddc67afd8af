import type { Overview, Protection } from "./api";
import { ago, timeOfDay } from "./format";
import type { Live } from "./live";

/** The line that makes a Spring application a client of this very node. */
export function clientLine(overview: Overview, namespace = "default"): string {
  const address = overview.addresses.eureka ?? "http://localhost:8761";
  const eureka = new URL(address);
  // What the node is bound to may be any address; the one that brought this page here works for sure.
  const within = namespace === "default" ? "" : "/ns/" + encodeURIComponent(namespace);
  return `eureka.client.service-url.defaultZone=${eureka.protocol}//${location.hostname}:${eureka.port}${within}/eureka`;
}

export function FirstClient({ overview, namespace }: { overview: Overview; namespace: string }) {
  return (
    <div class="panel notice">
      <p>No service is registered yet. Add this line to a Spring application with Eureka's client and start it:</p>
      <pre tabIndex={0}>{clientLine(overview, namespace)}</pre>
      <p>It appears here by itself.</p>
    </div>
  );
}

export function ConnectionLost({ live }: { live: Live }) {
  if (live.connection !== "lost") {
    return null;
  }
  return (
    <div class="banner bad" role="alert">
      <strong>Connection lost.</strong>{" "}
      {live.lastSeenMs === 0
        ? "The node does not answer."
        : `The node was last seen at ${timeOfDay(live.lastSeenMs)}, ${ago(Date.now() - live.lastSeenMs)} ago; what is shown is as it was then.`}{" "}
      Trying again every second.
    </div>
  );
}

/** Why evictions are held, in the registry's own words. */
export function Held({ protection }: { protection: Protection }) {
  const scopes = [protection.global, ...protection.services].filter((scope) => scope.tripped);
  if (!protection.enabled) {
    return (
      <div class="banner warn">
        <strong>Protection is off.</strong> Instances are evicted when their lease ends, however many end together.
        Turn it on: <code>mainstay registry protect on</code>
      </div>
    );
  }
  if (scopes.length === 0) {
    return null;
  }
  return (
    <div class="banner warn" role="status">
      {scopes.map((scope) => (
        <p key={scope.name}>
          <strong>
            {scope.name === "*" ? "Evictions of all services are held" : `Evictions of ${scope.name} are held`}
          </strong>{" "}
          since {timeOfDay(scope.sinceMs)}. {scope.explanation}
        </p>
      ))}
    </div>
  );
}
