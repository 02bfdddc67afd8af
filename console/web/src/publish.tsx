import { api } from "./api";
import { Dialog } from "./dialog";
import { counted } from "./format";
import { Text } from "./text";

interface Props {
  vhost: string;
  exchange: string;
  /** Given where it is no choice: the queue that the message is for. */
  routingKey?: string;
  tell: (what: string) => void;
  close: () => void;
}

/** One message by hand. */
export function Publish({ vhost, exchange, routingKey, tell, close }: Props) {
  const run = async (fields: FormData) => {
    const text = (name: string) => String(fields.get(name) ?? "");
    const contentType = text("contentType");
    const { queues } = await api.publish(vhost, {
      exchange,
      routingKey: routingKey ?? text("routingKey"),
      payload: text("payload"),
      headers: headersOf(text("headers")),
      persistent: fields.has("persistent"),
      ...(contentType === "" ? {} : { contentType }),
    });
    tell(queues === 0 ? "No queue wanted the message: it is gone." : `Published to ${counted(queues, "queue")}.`);
  };
  return (
    <Dialog title="Publish a message" action="Publish" close={close} run={run}>
      {routingKey === undefined ? (
        <label>
          Routing key
          <input name="routingKey" maxLength={255} autocomplete="off" spellcheck={false} />
        </label>
      ) : (
        <p>
          To the queue <Text value={routingKey} max={60} />, through the default exchange.
        </p>
      )}
      <label>
        Payload
        <textarea name="payload" rows={6} spellcheck={false} />
      </label>
      <label>
        Content type
        <input name="contentType" placeholder="none" maxLength={255} autocomplete="off" spellcheck={false} />
      </label>
      <label>
        Headers
        <textarea name="headers" rows={2} placeholder="name=value, one a line" spellcheck={false} />
      </label>
      <label class="check">
        <input name="persistent" type="checkbox" defaultChecked /> Persistent
      </label>
    </Dialog>
  );
}

/** Whole numbers, `true` and `false` are sent as such; everything else is text. */
function headersOf(lines: string): Record<string, unknown> {
  const headers: Record<string, unknown> = {};
  for (const line of lines.split("\n")) {
    const at = line.indexOf("=");
    const name = (at < 0 ? line : line.slice(0, at)).trim();
    if (name !== "") {
      headers[name] = at < 0 ? "" : typed(line.slice(at + 1).trim());
    }
  }
  return headers;
}

function typed(text: string): unknown {
  if (text === "true" || text === "false") {
    return text === "true";
  }
  const number = Number(text);
  return /^-?[0-9]{1,15}$/.test(text) && Number.isSafeInteger(number) ? number : text;
}
