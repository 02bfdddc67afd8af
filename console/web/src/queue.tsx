import { useEffect, useRef, useState } from "preact/hooks";
import { api, Refusal, type Consumer, type Queue as OneQueue } from "./api";
import { Dialog } from "./dialog";
import { ago, bytes, count, counted, duration } from "./format";
import { useFollowed } from "./followed";
import { live, useLive } from "./live";
import { Messages } from "./messages";
import { Tile } from "./overview";
import { FIRST, link, useTop } from "./pages";
import { Plot } from "./plot";
import { Publish } from "./publish";
import { perSecond, Tags } from "./queues";
import { FieldTable, Text, plain } from "./text";

const EVERY_MS = 1_000;
const SLOWLY_MS = 3_000;
const HISTORY = 300;
const MOVED_AT_ONCE = 10_000;

type Sample = OneQueue & { atMs: number };

/** What a queue was since this page was opened. */
function useHistory(queue: OneQueue | null): Sample[] {
  const [history, setHistory] = useState<Sample[]>([]);
  useEffect(() => {
    if (queue !== null) {
      setHistory((before) => [...before.slice(1 - HISTORY), { ...queue, atMs: Date.now() }]);
    }
  }, [queue]);
  return history;
}

type Asked = "" | "purge" | "delete" | "move" | "publish";

/** One queue: what it does, what is in it, and what can be done with it. */
export function Queue({ vhost, name }: { vhost: string; name: string }) {
  useTop();
  useLive();
  const { value: queue, gone } = useFollowed(`queue ${vhost}/${name}`, () => api.queue(vhost, name), 0, EVERY_MS);
  const history = useHistory(queue);
  const [asked, setAsked] = useState<Asked>("");
  const [told, setTold] = useState("");
  const close = () => setAsked("");
  const may = live.mayChange;
  return (
    <>
      <a class="up" href={link("queues", vhost)}>
        All queues
      </a>
      <div class="title">
        <h1>
          <Text value={name} />
        </h1>
        {queue !== null && (
          <p>
            {queue.type}
            <Tags queue={queue} />
          </p>
        )}
        {queue !== null && may && !gone && (
          <div class="buttons">
            <button type="button" onClick={() => setAsked("publish")}>
              Publish…
            </button>
            {!queue.exclusive && (
              <>
                {queue.type !== "stream" && (
                  <>
                    <button type="button" onClick={() => setAsked("move")}>
                      Move messages…
                    </button>
                    <button type="button" class="danger" onClick={() => setAsked("purge")}>
                      Purge…
                    </button>
                  </>
                )}
                <button type="button" class="danger" onClick={() => setAsked("delete")}>
                  Delete…
                </button>
              </>
            )}
          </div>
        )}
      </div>
      {told !== "" && (
        <p class="panel notice told" role="status">
          {told}
        </p>
      )}
      {gone ? (
        <p class="panel notice">This queue is not there (any more).</p>
      ) : (
        queue !== null && (
          <>
            <Tiles queue={queue} />
            <Plots history={history} />
            <div class="columns">
              <Consumers queue={queue} />
              <Bindings queue={queue} />
              <Settings queue={queue} />
            </div>
            {may && <Messages queue={queue} />}
          </>
        )
      )}
      {asked === "publish" && queue !== null && (
        <Publish vhost={vhost} exchange="" routingKey={name} tell={setTold} close={close} />
      )}
      {asked === "purge" && queue !== null && (
        <Dialog
          title="Purge the queue"
          action="Purge"
          danger
          close={close}
          run={async () => {
            const { messages } = await api.purgeQueue(vhost, name);
            setTold(`${counted(messages, "message")} dropped.`);
          }}
        >
          <p>
            {counted(queue.ready, "ready message")} of the queue <Text value={name} max={60} /> will be gone. What consumers
            have in hand stays.
          </p>
        </Dialog>
      )}
      {asked === "delete" && queue !== null && (
        <Dialog
          title="Delete the queue"
          action="Delete"
          danger
          close={close}
          run={async () => {
            await api.deleteQueue(vhost, name);
            location.hash = link("queues", vhost);
          }}
        >
          <p>
            The queue <Text value={name} max={60} /> will be gone with its bindings and {counted(queue.ready + queue.unacked, "message")}.
            {queue.consumers > 0 && ` ${counted(queue.consumers, "consumer")} will be cancelled.`}
          </p>
        </Dialog>
      )}
      {asked === "move" && queue !== null && <Move queue={queue} tell={setTold} close={close} />}
    </>
  );
}

function Tiles({ queue }: { queue: OneQueue }) {
  const waits = queue.ready > 0 && queue.consumers === 0 && queue.type !== "stream";
  return (
    <dl class="tiles panel">
      <Tile name="Ready" value={count(queue.ready)} note={lag(queue)} />
      <Tile name="Unacknowledged" value={count(queue.unacked)} />
      <Tile name="Size" value={bytes(queue.bytes)} />
      <Tile name="Consumers" value={count(queue.consumers)} warn={waits} />
      <Tile name="Published" value={perSecond(queue.publishRate)} note={`${count(queue.published)} in all`} />
      <Tile name="Acknowledged" value={perSecond(queue.ackRate)} note={`${count(queue.acked)} in all`} />
      {queue.type !== "stream" && <Tile name="Redelivered" value={count(queue.redelivered)} />}
      {queue.endOffset !== undefined && <Tile name="Next offset" value={count(queue.endOffset)} />}
      {queue.duplicates > 0 && <Tile name="Duplicates" value={count(queue.duplicates)} note="not taken again" />}
    </dl>
  );
}

/** How far consumers are behind: when what waits would be gone if everything went on as now. A stream keeps what was read. */
function lag(queue: OneQueue): string {
  if (queue.type === "stream") {
    return "kept";
  }
  const gain = queue.deliverRate - queue.publishRate;
  if (queue.ready === 0 || queue.consumers === 0) {
    return "";
  }
  return gain > 0.01 ? `gone in ${ago((queue.ready / gain) * 1_000)}` : "not shrinking";
}

function Plots({ history }: { history: Sample[] }) {
  return (
    <>
      <h2>
        Last five minutes
        {history.length < HISTORY && <small>kept by this page while it is open</small>}
      </h2>
      <div class="plots four">
        <Plot title="Ready" hint="Messages that can be delivered" history={history} value={(s) => s.ready} format={count} atLeast={10} />
        <Plot
          title="Unacknowledged"
          hint="Messages that consumers have in hand"
          history={history}
          value={(s) => s.unacked}
          format={count}
          atLeast={10}
        />
        <Plot
          title="Published"
          hint="Messages that the queue took"
          history={history}
          value={(s) => s.publishRate}
          format={perSecond}
          atLeast={1}
        />
        <Plot
          title="Delivered"
          hint="Messages given to consumers"
          history={history}
          value={(s) => s.deliverRate}
          format={perSecond}
          atLeast={1}
        />
      </div>
    </>
  );
}

function Consumers({ queue }: { queue: OneQueue }) {
  const { value } = useFollowed(
    `consumers ${queue.vhost}/${queue.name}`,
    () => api.consumers(queue.vhost, queue.name, FIRST),
    0,
    SLOWLY_MS,
  );
  if (value === null) {
    return null;
  }
  const stream = queue.type === "stream";
  return (
    <section aria-label="Consumers">
      <h2>
        Consumers
        <small>{value.found > value.items.length && `the first ${value.items.length} of ${count(value.found)}`}</small>
      </h2>
      {value.items.length === 0 ? (
        <p class="panel notice">Nobody consumes from this queue.</p>
      ) : (
        <div class="panel scroll">
          <table class="consumers">
            <thead>
              <tr>
                <th scope="col">Client</th>
                <th scope="col">Tag</th>
                <th scope="col" class="number">Prefetch</th>
                <th scope="col" class="number" title="Delivered on its channel and not acknowledged">In hand</th>
                {stream && (
                  <>
                    <th scope="col" class="number" title="Offset of the message that it is given next">Next offset</th>
                    <th scope="col" class="number" title="Messages of the stream that it was not given yet">Behind</th>
                  </>
                )}
              </tr>
            </thead>
            <tbody>
              {value.items.map((each, at) => (
                <ConsumerRow key={at} consumer={each} stream={stream} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function ConsumerRow({ consumer, stream }: { consumer: Consumer; stream: boolean }) {
  return (
    <tr>
      <th scope="row" class="name">
        <a href={link("connections", consumer.connection)}>
          <Text value={consumer.client || consumer.connectionName} max={60} />
        </a>
        <span class="faint">
          channel {consumer.channel}, user <Text value={consumer.user} max={40} />
        </span>
      </th>
      <td class="name">
        <Text value={consumer.tag} max={60} />
        {consumer.exclusive && <span class="tag">exclusive</span>}
        {!consumer.active && <span class="tag">waits for its turn</span>}
      </td>
      <td class="number">{consumer.prefetch === 0 ? "no limit" : count(consumer.prefetch)}</td>
      <td class="number">{consumer.autoAck ? "auto-ack" : count(consumer.channelUnacked)}</td>
      {stream && (
        <>
          <td class="number">{consumer.nextOffset === undefined ? "–" : count(consumer.nextOffset)}</td>
          <td class="number">{consumer.lag === undefined ? "–" : count(consumer.lag)}</td>
        </>
      )}
    </tr>
  );
}

function Bindings({ queue }: { queue: OneQueue }) {
  const { value } = useFollowed(
    `bindings to ${queue.vhost}/${queue.name}`,
    () => api.bindingsTo(queue.vhost, queue.name, false, FIRST),
    0,
    SLOWLY_MS,
  );
  if (value === null) {
    return null;
  }
  return (
    <section aria-label="Bindings">
      <h2>
        Bindings
        <small>{value.found > value.items.length && `the first ${value.items.length} of ${count(value.found)}`}</small>
      </h2>
      {value.items.length === 0 ? (
        <p class="panel notice">Only the default exchange leads here, by the queue's name.</p>
      ) : (
        <div class="panel scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">From exchange</th>
                <th scope="col">Routing key</th>
                <th scope="col">Arguments</th>
              </tr>
            </thead>
            <tbody>
              {value.items.map((each, at) => (
                <tr key={at}>
                  <th scope="row" class="name">
                    <a href={link("exchanges", queue.vhost, each.source)}>
                      <Text value={each.source} />
                    </a>
                  </th>
                  <td class="name">{each.routingKey === "" ? <span class="faint">none</span> : <Text value={each.routingKey} />}</td>
                  <td class="name">
                    {Object.keys(each.arguments).length === 0 ? (
                      <span class="faint">none</span>
                    ) : (
                      <Text value={JSON.stringify(each.arguments)} max={200} />
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Settings({ queue }: { queue: OneQueue }) {
  const settings = inWords(queue.settings ?? {});
  const declared = queue.arguments;
  const policies = {
    ...(queue.policy === "" ? {} : { policy: queue.policy }),
    ...(queue.operatorPolicy === "" ? {} : { "operator policy": queue.operatorPolicy }),
  };
  const nothing = Object.keys({ ...settings, ...declared, ...policies }).length === 0;
  return (
    <section aria-label="Settings">
      <h2>Settings</h2>
      {nothing ? (
        <p class="panel notice">No limits, no dead letters, no arguments.</p>
      ) : (
        <div class="panel">
          {Object.keys(settings).length > 0 && <FieldTable fields={settings} />}
          {Object.keys(policies).length > 0 && <FieldTable fields={policies} />}
          {Object.keys(declared).length > 0 && (
            <>
              <p class="caption">Arguments of its declaration</p>
              <FieldTable fields={declared} />
            </>
          )}
        </div>
      )}
    </section>
  );
}

const LIMITS: Record<string, [string, (n: number) => string]> = {
  messageTtlMs: ["Messages live", lasting],
  expiresMs: ["Unused it goes after", lasting],
  maxLength: ["Ready messages at most", count],
  maxBytes: ["Ready bytes at most", (n) => bytes(n)],
  maxPriority: ["Highest priority", count],
  deliveryLimit: ["Deliveries may fail", (n) => counted(n, "time")],
  maxAgeMs: ["Oldest message", lasting],
  consumerTimeoutMs: ["Time to acknowledge", (n) => (n === 0 ? "no limit" : lasting(n))],
};

const WORDS: Record<string, string> = {
  overflow: "When it is full",
  deadLetterExchange: "Dead letters to exchange",
  deadLetterRoutingKey: "Dead letters with key",
  singleActiveConsumer: "Single active consumer",
};

/** `3 s` exactly, not `3.0 s`. */
function lasting(ms: number): string {
  return ms % 1_000 !== 0 || ms === 0 ? `${count(ms)} ms` : duration(ms).replace(".0 s", " s");
}

/** Settings in effect as people say them; what this page does not know yet keeps its name. */
function inWords(settings: Record<string, unknown>): Record<string, unknown> {
  const words: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(settings)) {
    const limit = LIMITS[name];
    if (limit !== undefined && typeof value === "number") {
      words[limit[0]] = limit[1](value);
    } else {
      words[WORDS[name] ?? name] = name === "deadLetterExchange" && value === "" ? "(default)" : value;
    }
  }
  return words;
}

/** Dead letters know where they died first; that is the target that is offered. */
function Move({ queue, tell, close }: { queue: OneQueue; tell: (what: string) => void; close: () => void }) {
  const [target, setTarget] = useState("");
  const [died, setDied] = useState(false);
  const [progress, setProgress] = useState("");
  const ended = useRef(false);
  useEffect(() => {
    api.peek(queue.vhost, queue.name, 1, 1).then(
      ([first]) => {
        const from = first?.headers?.["x-first-death-queue"];
        if (typeof from === "string" && from !== queue.name) {
          setTarget((now) => now || from);
          setDied(true);
        }
      },
      () => {
        // Nothing is offered then.
      },
    );
    return () => {
      ended.current = true;
    };
  }, []);
  const run = async (fields: FormData) => {
    const asked = Number(fields.get("limit") || Infinity);
    let all = asked;
    let moved = 0;
    let stopped = "";
    while (moved < all && stopped === "" && !ended.current) {
      const part = await api.move(queue.vhost, queue.name, target, Math.min(MOVED_AT_ONCE, all - moved));
      // What was ready at the first call bounds it all: a message that comes back is not moved again.
      all = moved === 0 ? Math.min(asked, part.ready) : all;
      moved += part.moved;
      stopped = part.stopped;
      setProgress(`${count(moved)} of ${count(all)} moved`);
      if (part.moved === 0) {
        break;
      }
    }
    if (stopped !== "") {
      throw new Refusal(409, `${counted(moved, "message")} moved, then it ended: ${stopped}`);
    }
    tell(`${counted(moved, "message")} moved to ${plain(target, 60)}.`);
  };
  return (
    <Dialog title="Move messages" action="Move" close={close} run={run}>
      <p>
        From the head of <Text value={queue.name} max={60} />, in their order and as they are.
        {died && " Its first message is a dead letter: the queue where it died first is filled in."}
      </p>
      <label>
        To queue
        <input
          name="target"
          required
          autocomplete="off"
          spellcheck={false}
          value={target}
          onInput={(event) => setTarget(event.currentTarget.value)}
        />
      </label>
      <label>
        At most
        <input name="limit" type="number" min="1" placeholder={`all ${count(queue.ready)}`} />
      </label>
      {progress !== "" && <p role="status">{progress}</p>}
    </Dialog>
  );
}
