/** The admin API as this page reads it; docs of each field are with the API. */

export interface Overview {
  node: string;
  version: string;
  uptimeMs: number;
  addresses: Record<string, string>;
  memory: { heapUsedBytes: number; heapMaxBytes: number };
  journal: {
    end: number;
    synced: number;
    segments: number;
    segmentBytes: number;
    syncs: number;
    syncNanos: number;
    full: boolean;
    failed: boolean;
  };
  groups: RaftGroup[];
  registry: {
    services: number;
    instances: number;
    statuses: Record<string, number>;
    beats: number;
    changes: number;
  };
}

export interface RaftGroup {
  id: number;
  role: string;
  term: number;
  leader: number;
  voters: number[];
  appliedOffset: number;
  endOffset: number;
  snapshotOffset: number;
  bytesUnderWay: number;
}

export interface Service {
  service: string;
  revision: number;
  instances: number;
  up: number;
}

export interface Instance {
  service: string;
  instanceId: string;
  status: string;
  declared: string;
  override: string;
  host: string;
  ip: string;
  port: number;
  securePort: number;
  zone: string;
  weight: number;
  metadata: Record<string, string>;
  leaseIntervalMs: number;
  leaseDurationMs: number;
  registeredMs: number;
  changedMs: number;
  revision: number;
  /** The lease is known only to the member that leads the service. */
  lastBeatAgeMs?: number;
  leaseLeftMs?: number;
  held?: string;
  beats?: number;
}

export interface Scope {
  namespace: string;
  name: string;
  tripped: boolean;
  expected: number;
  missing: number;
  sinceMs: number;
  explanation: string;
}

export interface Protection {
  enabled: boolean;
  global: Scope;
  services: Scope[];
}

export interface Namespace {
  namespace: string;
  services: number;
  instances: number;
}

/** Who is told of a service's changes over the streaming protocol. */
export interface Subscriber {
  who: string;
  service: string;
  zones: string[];
  labels: Record<string, string>;
  revision: number;
  presentRevision: number;
  behindMs: number;
}

export interface Subscribers {
  subscriptions: number;
  behind: number;
  items: Subscriber[];
}

export interface Change {
  kind: "ADDED" | "MODIFIED" | "DELETED";
  sequence: number;
  atMs: number;
  instance: Instance;
}

/** Who the node takes this page for; `user` is empty where there are no users. */
export interface Session {
  user: string;
  role: string;
  /** Those that the user is bound to; none: it reaches all. */
  namespaces: string[];
  /** Whether there are users. */
  users: boolean;
  /** Whether it is the sign-in form's work: then one can sign out, too. */
  session: boolean;
}

/** An answer other than 2xx. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const DEADLINE_MS = 5_000;

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch("api/v1/" + path, {
    method,
    headers: {
      Accept: "application/json",
      // Without it the browser would ask for a password in a window of its own.
      "X-Mainstay-Console": "1",
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    },
    body: body === undefined ? null : JSON.stringify(body),
    cache: "no-store",
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
  const text = await answer.text();
  const value = text.startsWith("{") ? JSON.parse(text) : {};
  if (!answer.ok) {
    throw new Refusal(answer.status, value.message ?? `the node answered ${answer.status}`);
  }
  return value as T;
}

const name = encodeURIComponent;

export const api = {
  overview: () => call<Overview>("GET", "overview"),
  protection: () => call<Protection>("GET", "registry/protection"),
  namespaces: async () => (await call<{ items: Namespace[] }>("GET", "registry/namespaces")).items,
  services: async (namespace: string) =>
    (await call<{ items: Service[] }>("GET", "registry/services?namespace=" + name(namespace))).items,
  instances: async (namespace: string, service: string) =>
    (await call<{ items: Instance[] }>("GET", `registry/services/${name(service)}?namespace=${name(namespace)}`)).items,
  subscribers: (namespace: string, service: string, limit: number) =>
    call<Subscribers>("GET", `registry/subscribers?namespace=${name(namespace)}&service=${name(service)}&limit=${limit}`),
  events: (namespace: string) => new EventSource("api/v1/registry/events?namespace=" + name(namespace)),
  session: () => call<Session>("GET", "session"),
  signIn: (user: string, password: string) => call<Session>("POST", "session", { user, password }),
  signOut: () => call<unknown>("DELETE", "session"),
};
