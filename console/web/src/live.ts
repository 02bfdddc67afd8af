import { useEffect, useReducer } from "preact/hooks";
import { api, Refusal, type Change, type Instance, type Overview, type Protection, type Session } from "./api";

/** What the page knows of the node at a moment, and of the minutes before. */
export interface Sample {
  atMs: number;
  beatsPerS: number;
  changesPerS: number;
  bytesPerS: number;
  /** Null in a second without a sync. */
  syncMs: number | null;
  heapBytes: number;
  instances: number;
  ready: number;
  unacked: number;
  publishedPerS: number;
  deliveredPerS: number;
}

/** `seenMs` is this browser's clock: that of the node may differ. */
export type SeenChange = Change & { seenMs: number };

export type Connection = "connecting" | "live" | "lost" | "signed-out";

const LOOK_EVERY_MS = 1_000;
const HISTORY = 300;
const CHANGES_KEPT = 100;
const FRESH_MS = 2_500;
const REOPEN_MS = 2_000;

/**
 * The page's one line to the node. Figures are asked for once a second; changes come as server-sent events. A browser opens
 * an event stream again by itself after a broken connection, but not after a refusal, so that is done here. Whatever was
 * missed in between is read again, which is why the pages follow `epoch`.
 */
export class Live {
  connection: Connection = "connecting";
  lastSeenMs = 0;
  overview: Overview | null = null;
  protection: Protection | null = null;
  history: Sample[] = [];
  /** Newest first. */
  changes: SeenChange[] = [];
  /** Grows when something may have changed without an event of its own having been seen. */
  epoch = 0;
  /** Asked for again whenever the page gets through to the node anew. */
  session: Session | null = null;

  /** The one that the page shows; of `namespaces`, by name. */
  namespace = "default";
  namespaces: string[] = [];

  private readonly watchers = new Set<() => void>();
  private events: EventSource | null = null;
  private timer = 0;

  start() {
    void this.look();
  }

  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  async signIn(user: string, password: string) {
    this.session = await api.signIn(user, password);
    this.connection = "connecting";
    await this.look();
  }

  async signOut() {
    await api.signOut();
    this.demandSignIn();
    // A node without users any more, or a browser that has credentials of its own, needs no form.
    void this.look();
  }

  /** Shows another namespace. What was seen in the one before is no part of it. */
  choose(namespace: string) {
    if (namespace === this.namespace) {
      return;
    }
    this.namespace = namespace;
    this.changes = [];
    this.epoch++;
    this.closeEvents();
    if (this.connection === "live") {
      this.openEvents();
    }
    this.tell();
  }

  /** Whether the one who is signed in may change what is not a user. The node decides; this is for what the page offers. */
  get mayChange(): boolean {
    return this.session?.role === "ADMIN" || this.session?.role === "OPERATOR";
  }

  /** Whether an instance changed a moment ago. */
  justChanged(instance: Instance): boolean {
    return this.changes.some(
      (change) =>
        isFresh(change) &&
        change.instance.instanceId === instance.instanceId &&
        change.instance.service === instance.service,
    );
  }

  private async look() {
    clearTimeout(this.timer);
    try {
      const who = this.connection === "live" && this.session ? this.session : api.session();
      const [session, overview, protection, namespaces] = await Promise.all([
        who,
        api.overview(),
        api.protection(),
        api.namespaces(),
      ]);
      this.session = session;
      this.takeNamespaces(namespaces.map((each) => each.namespace));
      this.take(overview, protection);
    } catch (failure) {
      if (failure instanceof Refusal && failure.status === 401) {
        this.demandSignIn();
        return;
      }
      this.connection = "lost";
    }
    this.tell();
    this.timer = setTimeout(() => void this.look(), LOOK_EVERY_MS);
  }

  /** The chosen one stays while it is the caller's to see, even when nothing is left in it. */
  private takeNamespaces(seen: string[]) {
    const bound = this.session?.namespaces ?? [];
    const mayStay = seen.includes(this.namespace) || (bound.length === 0 && this.connection === "live");
    if (!mayStay) {
      this.choose(seen[0] ?? "default");
    }
    this.namespaces = seen.includes(this.namespace) ? seen : [...seen, this.namespace].sort();
  }

  private take(overview: Overview, protection: Protection) {
    const before = this.overview;
    const restarted = before !== null && overview.uptimeMs < before.uptimeMs;
    const now = Date.now();
    if (before !== null && !restarted) {
      this.history = [...this.history.slice(1 - HISTORY), sample(before, overview, now)];
    }
    if (this.connection !== "live") {
      this.epoch++;
    }
    this.overview = overview;
    this.protection = protection;
    this.lastSeenMs = now;
    this.connection = "live";
    if (this.events === null) {
      this.openEvents();
    }
  }

  private demandSignIn() {
    clearTimeout(this.timer);
    this.closeEvents();
    this.connection = "signed-out";
    this.session = null;
    this.namespaces = [];
    this.overview = null;
    this.protection = null;
    this.history = [];
    this.changes = [];
    this.tell();
  }

  private openEvents() {
    const events = api.events(this.namespace);
    this.events = events;
    const missedSome = () => {
      this.epoch++;
      this.tell();
    };
    events.addEventListener("open", missedSome);
    events.addEventListener("reset", missedSome);
    events.addEventListener("change", (event) => {
      const change = { ...(JSON.parse(event.data) as Change), seenMs: Date.now() };
      this.changes = [change, ...this.changes].slice(0, CHANGES_KEPT);
      this.epoch++;
      this.tell();
    });
    events.addEventListener("error", () => {
      if (events.readyState === EventSource.CLOSED && this.events === events) {
        // The next look at the node opens it again, if the node answers at all.
        setTimeout(() => this.events === events && this.closeEvents(), REOPEN_MS);
      }
    });
  }

  private closeEvents() {
    this.events?.close();
    this.events = null;
  }

  private tell() {
    this.watchers.forEach((watcher) => watcher());
  }
}

export function isFresh(change: SeenChange): boolean {
  return Date.now() - change.seenMs < FRESH_MS;
}

/** Rates by the node's own clock, so that a late answer makes no spike. */
function sample(before: Overview, after: Overview, atMs: number): Sample {
  const seconds = Math.max(0.001, (after.uptimeMs - before.uptimeMs) / 1000);
  const syncs = after.journal.syncs - before.journal.syncs;
  const syncNanos = after.journal.syncNanos - before.journal.syncNanos;
  return {
    atMs,
    beatsPerS: (after.registry.beats - before.registry.beats) / seconds,
    changesPerS: (after.registry.changes - before.registry.changes) / seconds,
    bytesPerS: (after.journal.end - before.journal.end) / seconds,
    syncMs: syncs > 0 ? syncNanos / syncs / 1e6 : null,
    heapBytes: after.memory.heapUsedBytes,
    instances: after.registry.instances,
    ready: after.messaging.ready,
    unacked: after.messaging.unacked,
    publishedPerS: (after.messaging.published - before.messaging.published) / seconds,
    deliveredPerS: (after.messaging.delivered - before.messaging.delivered) / seconds,
  };
}

export const live = new Live();

/** Renders the component again whenever the page learned something. */
export function useLive(): Live {
  const [, again] = useReducer<number, void>((n) => n + 1, 0);
  useEffect(() => {
    const end = live.watch(() => again());
    // Effects run after the first paint: what was told before that was told to nobody, and a page that is to sign in is told once.
    again();
    return end;
  }, []);
  return live;
}
