import { Fragment } from "preact";
import { useState } from "preact/hooks";
import { api, type Queue, type QueuedMessage } from "./api";
import { sentence } from "./dialog";
import { bytes, count, moment, timeOfDay } from "./format";
import { walkRows } from "./search";
import { FieldTable, Payload, Text } from "./text";

const SHOWN_BYTES = 16 << 10;
const OWN = new Set(["exchange", "routingKey", "redelivered", "returns", "bytes", "headers", "payload", "encoding", "truncated"]);

interface Seen {
  atMs: number;
  items: QueuedMessage[];
}

/** The next messages of a queue. Looking takes nothing and marks nothing; it is done when asked for, as each look reads bodies. */
export function Messages({ queue }: { queue: Queue }) {
  const [seen, setSeen] = useState<Seen | null>(null);
  const [many, setMany] = useState(10);
  const [problem, setProblem] = useState("");
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const look = async () => {
    try {
      const items = await api.peek(queue.vhost, queue.name, many, SHOWN_BYTES);
      setSeen({ atMs: Date.now(), items });
      setOpen(new Set());
      setProblem("");
    } catch (failure) {
      setProblem(sentence(failure));
    }
  };
  const toggle = (at: number) => {
    const next = new Set(open);
    if (!next.delete(at)) {
      next.add(at);
    }
    setOpen(next);
  };
  return (
    <section aria-label="Messages" class="messages">
      <div class="title">
        <h2>
          Messages
          <small>{seen === null ? "" : `as of ${timeOfDay(seen.atMs)}`}</small>
        </h2>
        <label>
          The next{" "}
          <select value={many} onChange={(event) => setMany(Number(event.currentTarget.value))}>
            {[1, 10, 50, 100].map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        </label>
        <button type="button" onClick={() => void look()}>
          {seen === null ? "Look" : "Look again"}
        </button>
      </div>
      {problem !== "" && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      {seen === null ? (
        <p class="panel notice">A look takes nothing: messages stay where they are, unmarked, and consumers go on.</p>
      ) : seen.items.length === 0 ? (
        <p class="panel notice">No message is ready.</p>
      ) : (
        <div class="panel scroll">
          <table onKeyDown={walkRows}>
            <thead>
              <tr>
                <th scope="col" class="number">#</th>
                <th scope="col">Payload</th>
                <th scope="col">Exchange</th>
                <th scope="col">Routing key</th>
                <th scope="col" class="number">Size</th>
              </tr>
            </thead>
            <tbody>
              {seen.items.map((each, at) => (
                <Message key={at} at={at} message={each} open={open.has(at)} toggle={() => toggle(at)} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

interface MessageProps {
  at: number;
  message: QueuedMessage;
  open: boolean;
  toggle: () => void;
}

function Message({ at, message, open, toggle }: MessageProps) {
  return (
    <Fragment>
      <tr>
        <td class="number">{at + 1}</td>
        <th scope="row" class="name">
          <button data-row class="row disclose" type="button" aria-expanded={open} onClick={toggle}>
            <span>
              {message.encoding === "base64" ? (
                <span class="faint">{bytes(message.bytes)} of no text</span>
              ) : (
                <Text value={message.payload} max={100} />
              )}
            </span>
          </button>
          {message.redelivered && <span class="tag">redelivered</span>}
          {message.headers?.["x-death"] !== undefined && <span class="tag warn">dead letter</span>}
        </th>
        <td class="name">{message.exchange === "" ? <span class="faint">default</span> : <Text value={message.exchange} max={60} />}</td>
        <td class="name">{message.routingKey === "" ? <span class="faint">none</span> : <Text value={message.routingKey} max={60} />}</td>
        <td class="number">{bytes(message.bytes)}</td>
      </tr>
      {open && (
        <tr class="more-of">
          <td colSpan={5}>
            <Whole message={message} />
          </td>
        </tr>
      )}
    </Fragment>
  );
}

function Whole({ message }: { message: QueuedMessage }) {
  const properties: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(message)) {
    if (!OWN.has(name)) {
      properties[name] = name === "timestamp" ? `${moment(Number(value) * 1_000)} (${String(value)})` : value;
    }
  }
  if (message.returns > 0) {
    properties["came back"] = `${count(message.returns)} times`;
  }
  const headers = message.headers ?? {};
  return (
    <div class="whole">
      <div>
        <h3>
          Payload
          {message.encoding === "base64" && " in base64"}
          {message.truncated && `, the first ${bytes(SHOWN_BYTES)} of ${bytes(message.bytes)}`}
        </h3>
        {message.payload === "" ? <p class="faint">empty</p> : <Payload value={message.payload} max={2 * SHOWN_BYTES} />}
      </div>
      <div>
        <h3>Properties</h3>
        {Object.keys(properties).length === 0 ? <p class="faint">none</p> : <FieldTable fields={properties} />}
        <h3>Headers</h3>
        {Object.keys(headers).length === 0 ? <p class="faint">none</p> : <FieldTable fields={headers} />}
      </div>
    </div>
  );
}
