import { api, type Queue } from "./api";
import { bytes, count, counted, figure } from "./format";
import { useFollowed } from "./followed";
import { live, useLive } from "./live";
import { Heading, link, Pager, usePart, Vhosts } from "./pages";
import { Plot } from "./plot";
import { Search, walkRows } from "./search";
import { Text } from "./text";

const EVERY_MS = 1_000;

export const perSecond = (n: number) => figure(n) + "/s";

/** All queues of a virtual host with what they do now. */
export function Queues({ vhost }: { vhost: string }) {
  const { history, overview } = useLive();
  const list = usePart("name");
  const { value: page, gone } = useFollowed(
    "queues " + JSON.stringify([vhost, list.part]),
    () => api.queues(vhost, list.part),
    0,
    EVERY_MS,
  );
  return (
    <>
      <div class="title">
        <h1>Queues</h1>
        {overview !== null && (
          <p>
            {counted(overview.messaging.queues, "queue")}, {counted(overview.messaging.consumers, "consumer")},{" "}
            {counted(overview.messaging.ready, "message")} ready
          </p>
        )}
        <Vhosts page="queues" vhost={vhost} />
        <Search label="Find a queue" value={list.part.name} onInput={list.find} />
      </div>
      <div class="plots four">
        <Plot
          title="Ready"
          hint="Messages of all queues that can be delivered"
          history={history}
          value={(s) => s.ready}
          format={count}
          atLeast={10}
        />
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
          hint="Messages that queues took; one that goes to three queues counts three times"
          history={history}
          value={(s) => s.publishedPerS}
          format={perSecond}
          atLeast={1}
        />
        <Plot
          title="Delivered"
          hint="Messages given to consumers"
          history={history}
          value={(s) => s.deliveredPerS}
          format={perSecond}
          atLeast={1}
        />
      </div>
      {gone ? (
        <p class="panel notice">This virtual host is not there (any more).</p>
      ) : page === null ? null : page.total === 0 ? (
        <FirstQueue />
      ) : page.found === 0 ? (
        <p class="panel notice list">No queue has this text in its name.</p>
      ) : (
        <div class="list">
          <div class="panel scroll">
            <table onKeyDown={walkRows}>
              <thead>
                <tr>
                  <Heading list={list} by="name">Queue</Heading>
                  <Heading list={list} by="type">Type</Heading>
                  <Heading list={list} by="ready" number>Ready</Heading>
                  <Heading list={list} by="unacked" number>Unacked</Heading>
                  <Heading list={list} by="bytes" number>Size</Heading>
                  <Heading list={list} by="consumers" number>Consumers</Heading>
                  <Heading list={list} by="publishRate" number>Published</Heading>
                  <Heading list={list} by="deliverRate" number>Delivered</Heading>
                  <Heading list={list} by="ackRate" number>Acked</Heading>
                </tr>
              </thead>
              <tbody>
                {page.items.map((each) => (
                  <Row key={each.name} queue={each} />
                ))}
              </tbody>
            </table>
          </div>
          <Pager page={page} turn={list.turn} />
        </div>
      )}
    </>
  );
}

function Row({ queue }: { queue: Queue }) {
  return (
    <tr>
      <th scope="row" class="name">
        <a data-row class="row" href={link("queues", queue.vhost, queue.name)}>
          <Text value={queue.name} />
        </a>
        <Tags queue={queue} />
      </th>
      <td>{queue.type}</td>
      <td class="number">{count(queue.ready)}</td>
      <td class="number">{count(queue.unacked)}</td>
      <td class="number">{bytes(queue.bytes)}</td>
      <td class={queue.consumers === 0 && queue.ready > 0 && queue.type !== "stream" ? "number warn" : "number"}>{count(queue.consumers)}</td>
      <td class="number">{perSecond(queue.publishRate)}</td>
      <td class="number">{perSecond(queue.deliverRate)}</td>
      <td class="number">{perSecond(queue.ackRate)}</td>
    </tr>
  );
}

/** What is unusual about a queue. */
export function Tags({ queue }: { queue: Queue }) {
  return (
    <>
      {queue.state === "down" && (
        <span class="tag warn" title="Its raft group is out of service: nothing can be asked of it, and its figures are those that it had">
          down
        </span>
      )}
      {!queue.durable && <span class="tag">not durable</span>}
      {queue.autoDelete && <span class="tag">auto-delete</span>}
      {queue.exclusive && <span class="tag">exclusive</span>}
      {queue.policy !== "" && (
        <span class="tag">
          policy <Text value={queue.policy} max={40} />
        </span>
      )}
    </>
  );
}

function FirstQueue() {
  const address = live.overview?.addresses.amqp;
  const port = address === undefined ? "5672" : new URL(address).port || "5672";
  return (
    <div class="panel notice list">
      <p>There is no queue yet. An application with a RabbitMQ client declares its own: give it this address.</p>
      <pre tabIndex={0}>{`spring.rabbitmq.addresses=amqp://${location.hostname}:${port}`}</pre>
      <p>
        Or by hand: <code>mainstay queue create orders</code>
      </p>
    </div>
  );
}
