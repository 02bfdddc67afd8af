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
  /** Over all virtual hosts. */
  messaging: {
    connections: number;
    queues: number;
    consumers: number;
    ready: number;
    unacked: number;
    bytes: number;
    published: number;
    delivered: number;
    acked: number;
    redelivered: number;
  };
}

export interface RaftGroup {
  id: number;
  /** `meta`, the number of a data group, or `memory`. */
  name: string;
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

/** Names, keys, tags, headers and payloads of messaging are whatever clients chose: they are shown by `Text` only. */
export interface Vhost {
  name: string;
  description: string;
  queues: number;
  exchanges: number;
}

export type Fields = Record<string, unknown>;

export interface Queue {
  vhost: string;
  name: string;
  type: string;
  durable: boolean;
  autoDelete: boolean;
  exclusive: boolean;
  /** `running`, or `down`: its figures are those that it had. */
  state: string;
  ready: number;
  unacked: number;
  bytes: number;
  consumers: number;
  published: number;
  delivered: number;
  acked: number;
  redelivered: number;
  /** Messages that it had already, by their publisher's numbers, and did not take again. */
  duplicates: number;
  /** Of a stream: the offset of its next message. */
  endOffset?: number;
  publishRate: number;
  deliverRate: number;
  ackRate: number;
  policy: string;
  operatorPolicy: string;
  arguments: Fields;
  settings?: Fields;
}

export interface Exchange {
  vhost: string;
  name: string;
  type: string;
  durable: boolean;
  autoDelete: boolean;
  internal: boolean;
  alternate: string;
  policy: string;
  arguments: Fields;
}

export interface Binding {
  source: string;
  destination: string;
  toExchange: boolean;
  routingKey: string;
  arguments: Fields;
}

export interface QueuedMessage {
  exchange: string;
  routingKey: string;
  redelivered: boolean;
  returns: number;
  bytes: number;
  headers?: Fields;
  payload: string;
  encoding: "text" | "base64";
  truncated: boolean;
  [property: string]: unknown;
}

export interface NewMessage {
  exchange: string;
  routingKey: string;
  payload: string;
  contentType?: string;
  headers?: Fields;
  persistent: boolean;
}

export interface Moved {
  moved: number;
  ready: number;
  stopped: string;
}

export interface Connection {
  id: string;
  name: string;
  client: string;
  user: string;
  vhost: string;
  protocol: string;
  tls: boolean;
  state: string;
  connectedAtMs: number;
  channels: number;
  bytesIn: number;
  bytesOut: number;
  bytesInRate: number;
  bytesOutRate: number;
}

export interface Channel {
  number: number;
  state: string;
  confirm: boolean;
  transactional: boolean;
  prefetch: number;
  globalPrefetch: number;
  unacked: number;
  unconfirmed: number;
  published: number;
  delivered: number;
  acked: number;
  consumerItems: Consumer[];
}

export interface OneConnection extends Connection {
  clientProperties: Fields;
  authMechanism: string;
  channelMax: number;
  frameMax: number;
  heartbeatSeconds: number;
  channelItems: Channel[];
}

export interface Consumer {
  tag: string;
  queue: string;
  vhost: string;
  connection: string;
  connectionName: string;
  client: string;
  user: string;
  channel: number;
  channelUnacked: number;
  autoAck: boolean;
  exclusive: boolean;
  prefetch: number;
  active: boolean;
  /** Of a reader of a stream: the offset that it is given next, and how many messages it was not given yet. */
  nextOffset?: number;
  lag?: number;
}

export interface Page<T> {
  items: T[];
  total: number;
  found: number;
  page: number;
  pages: number;
}

/** Which part of a list, and in which order. */
export interface Part {
  page: number;
  pageSize: number;
  name: string;
  sort: string;
  reverse: boolean;
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
/** A change waits for the disk, a move of many messages for each of them. */
const CHANGE_DEADLINE_MS = 30_000;

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
    signal: AbortSignal.timeout(method === "GET" ? DEADLINE_MS : CHANGE_DEADLINE_MS),
  });
  const text = await answer.text();
  const value = text.startsWith("{") ? JSON.parse(text) : {};
  if (!answer.ok) {
    throw new Refusal(answer.status, value.message ?? `the node answered ${answer.status}`);
  }
  return value as T;
}

const name = encodeURIComponent;

function part({ page, pageSize, name: wanted, sort, reverse }: Part): string {
  return `page=${page}&pageSize=${pageSize}&name=${name(wanted)}&sort=${sort}&reverse=${reverse}`;
}

/** A path below messaging, of one virtual host. */
function within(vhost: string, path: string, ...names: string[]): string {
  return "messaging/" + [path, ...names.map(name)].join("/") + "?vhost=" + name(vhost);
}

const CLOSED = "closed by an operator through the console";

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
  vhosts: async () => (await call<{ items: Vhost[] }>("GET", "messaging/vhosts")).items,
  queues: (vhost: string, wanted: Part) => call<Page<Queue>>("GET", within(vhost, "queues") + "&" + part(wanted)),
  queue: (vhost: string, queue: string) => call<Queue>("GET", within(vhost, "queues", queue)),
  deleteQueue: (vhost: string, queue: string) => call<unknown>("DELETE", within(vhost, "queues", queue)),
  purgeQueue: (vhost: string, queue: string) =>
    call<{ messages: number }>("POST", `messaging/queues/${name(queue)}/purge?vhost=${name(vhost)}`),
  peek: async (vhost: string, queue: string, count: number, bodyBytes: number) =>
    (
      await call<{ items: QueuedMessage[] }>(
        "GET",
        `messaging/queues/${name(queue)}/messages?vhost=${name(vhost)}&count=${count}&bodyBytes=${bodyBytes}`,
      )
    ).items,
  move: (vhost: string, queue: string, target: string, limit: number) =>
    call<Moved>("POST", `messaging/queues/${name(queue)}/move?vhost=${name(vhost)}`, { target, limit }),
  publish: (vhost: string, message: NewMessage) => call<{ queues: number }>("POST", within(vhost, "publish"), message),
  exchanges: (vhost: string, wanted: Part) => call<Page<Exchange>>("GET", within(vhost, "exchanges") + "&" + part(wanted)),
  exchange: (vhost: string, exchange: string) => call<Exchange>("GET", within(vhost, "exchanges", exchange)),
  deleteExchange: (vhost: string, exchange: string) => call<unknown>("DELETE", within(vhost, "exchanges", exchange)),
  bindings: (vhost: string, wanted: Part) => call<Page<Binding>>("GET", within(vhost, "bindings") + "&" + part(wanted)),
  bindingsFrom: (vhost: string, source: string, wanted: Part) =>
    call<Page<Binding>>("GET", `${within(vhost, "bindings")}&source=${name(source)}&${part(wanted)}`),
  bindingsTo: (vhost: string, destination: string, toExchange: boolean, wanted: Part) =>
    call<Page<Binding>>(
      "GET",
      `${within(vhost, "bindings")}&destination=${name(destination)}&toExchange=${toExchange}&${part(wanted)}`,
    ),
  connections: (wanted: Part) => call<Page<Connection>>("GET", "messaging/connections?" + part(wanted)),
  connection: (id: string) => call<OneConnection>("GET", "messaging/connections/" + name(id)),
  closeConnection: (id: string) => call<unknown>("DELETE", `messaging/connections/${name(id)}?reason=${name(CLOSED)}`),
  closeChannel: (id: string, channel: number) =>
    call<unknown>("DELETE", `messaging/connections/${name(id)}/channels/${channel}?reason=${name(CLOSED)}`),
  consumers: (vhost: string, queue: string, wanted: Part) =>
    call<Page<Consumer>>("GET", `${within(vhost, "consumers")}&queue=${name(queue)}&${part(wanted)}`),
  signOut: () => call<unknown>("DELETE", "session"),
};
