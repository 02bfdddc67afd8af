import { useState } from "preact/hooks";
import { api, type Channel, type Connection as AConnection, type OneConnection } from "./api";
import { Dialog } from "./dialog";
import { ago, bytes, count, counted, moment } from "./format";
import { useFollowed } from "./followed";
import { live, useLive } from "./live";
import { Heading, link, Pager, usePart, useTop } from "./pages";
import { Search, walkRows } from "./search";
import { FieldTable, Text } from "./text";

const EVERY_MS = 1_000;
const KINDS: Record<string, string> = { running: "ok", blocked: "warn" };

/** Who is connected to this node. */
export function Connections() {
  const list = usePart("connectedAtMs");
  const { value: page } = useFollowed("connections " + JSON.stringify(list.part), () => api.connections(list.part), 0, EVERY_MS);
  return (
    <>
      <div class="title">
        <h1>Connections</h1>
        {page !== null && <p>{counted(page.total, "connection")} to this node</p>}
        <Search label="Find a client, user or address" value={list.part.name} onInput={list.find} />
      </div>
      {page === null ? null : page.total === 0 ? (
        <p class="panel notice">No AMQP client is connected.</p>
      ) : page.found === 0 ? (
        <p class="panel notice">No connection has this text in its client, user or address.</p>
      ) : (
        <>
          <div class="panel scroll">
            <table onKeyDown={walkRows}>
              <thead>
                <tr>
                  <Heading list={list} by="name">Client</Heading>
                  <Heading list={list} by="user">User</Heading>
                  <th scope="col">Virtual host</th>
                  <th scope="col">State</th>
                  <Heading list={list} by="channels" number>Channels</Heading>
                  <th scope="col" class="number">From client</th>
                  <th scope="col" class="number">To client</th>
                  <Heading list={list} by="connectedAtMs" number>Since</Heading>
                </tr>
              </thead>
              <tbody>
                {page.items.map((each) => (
                  <Row key={each.id} connection={each} />
                ))}
              </tbody>
            </table>
          </div>
          <Pager page={page} turn={list.turn} />
        </>
      )}
    </>
  );
}

function State({ state }: { state: string }) {
  return <span class={`status ${KINDS[state] ?? "off"}`}>{state}</span>;
}

function Row({ connection }: { connection: AConnection }) {
  return (
    <tr>
      <th scope="row" class="name">
        <a data-row class="row" href={link("connections", connection.id)}>
          <Text value={connection.client || connection.name} max={80} />
        </a>
        <div class="faint">{connection.name}</div>
      </th>
      <td>
        <Text value={connection.user} max={40} />
      </td>
      <td>
        <Text value={connection.vhost} max={40} />
      </td>
      <td>
        <State state={connection.state} />
      </td>
      <td class="number">{count(connection.channels)}</td>
      <td class="number">{bytes(connection.bytesInRate)}/s</td>
      <td class="number">{bytes(connection.bytesOutRate)}/s</td>
      <td class="number">{ago(Date.now() - connection.connectedAtMs)}</td>
    </tr>
  );
}

/** One connection: what the client says of itself, its channels and their consumers. */
export function Connection({ id }: { id: string }) {
  useTop();
  useLive();
  const { value: connection, gone } = useFollowed("connection " + id, () => api.connection(id), 0, EVERY_MS);
  /** A channel's number; 0: the connection. */
  const [closing, setClosing] = useState<number | null>(null);
  const may = live.mayChange && !gone;
  return (
    <>
      <a class="up" href="#/connections">
        All connections
      </a>
      <div class="title">
        <h1>{connection === null ? "Connection" : <Text value={connection.client || connection.name} max={80} />}</h1>
        {connection !== null && !gone && (
          <p>
            <State state={connection.state} />
          </p>
        )}
        {connection !== null && may && (
          <div class="buttons">
            <button type="button" class="danger" onClick={() => setClosing(0)}>
              Close connection…
            </button>
          </div>
        )}
      </div>
      {gone ? (
        <p class="panel notice">This connection is closed.</p>
      ) : (
        connection !== null && (
          <>
            <Details connection={connection} />
            <h2>
              Channels<small>{count(connection.channelItems.length)}</small>
            </h2>
            {connection.channelItems.length === 0 ? (
              <p class="panel notice">It has no channel.</p>
            ) : (
              <div class="panel scroll">
                <table class="channels">
                  <thead>
                    <tr>
                      <th scope="col" class="number">Channel</th>
                      <th scope="col">Consumes from</th>
                      <th scope="col">Mode</th>
                      <th scope="col" class="number">Prefetch</th>
                      <th scope="col" class="number">Unacked</th>
                      <th scope="col" class="number">Unconfirmed</th>
                      <th scope="col" class="number">Published</th>
                      <th scope="col" class="number">Delivered</th>
                      {may && <th scope="col">{""}</th>}
                    </tr>
                  </thead>
                  <tbody>
                    {connection.channelItems.map((each) => (
                      <ChannelRow
                        key={each.number}
                        vhost={connection.vhost}
                        channel={each}
                        close={may ? () => setClosing(each.number) : null}
                      />
                    ))}
                  </tbody>
                </table>
              </div>
            )}
            <h2>What the client says of itself</h2>
            <div class="panel">
              <FieldTable fields={connection.clientProperties} />
            </div>
          </>
        )
      )}
      {closing !== null && connection !== null && (
        <Dialog
          title={closing === 0 ? "Close the connection" : `Close channel ${closing}`}
          action="Close"
          danger
          close={() => setClosing(null)}
          run={async () => {
            await (closing === 0 ? api.closeConnection(id) : api.closeChannel(id, closing));
          }}
        >
          <p>
            {closing === 0
              ? `${counted(connection.channels, "channel")} will end with it`
              : "Its consumers will end; the connection stays"}
            , and what is not acknowledged goes back to its queues. Many clients {closing === 0 ? "connect" : "open one"} again by
            themselves.
          </p>
        </Dialog>
      )}
    </>
  );
}

function Details({ connection }: { connection: OneConnection }) {
  return (
    <dl class="panel details connection">
      <Detail name="Address" value={connection.name} />
      <Detail name="User" value={connection.user} />
      <Detail name="Virtual host" value={connection.vhost} />
      <Detail name="Since" value={`${moment(connection.connectedAtMs)}, ${ago(Date.now() - connection.connectedAtMs)}`} />
      <Detail name="Protocol" value={connection.protocol + (connection.tls ? " over TLS" : "")} />
      <Detail name="Log-in" value={connection.authMechanism} />
      <Detail name="Heartbeat" value={connection.heartbeatSeconds === 0 ? "none" : `every ${connection.heartbeatSeconds} s`} />
      <Detail name="Frames" value={`at most ${bytes(connection.frameMax)}`} />
      <Detail name="From client" value={`${bytes(connection.bytesIn)}, ${bytes(connection.bytesInRate)}/s`} />
      <Detail name="To client" value={`${bytes(connection.bytesOut)}, ${bytes(connection.bytesOutRate)}/s`} />
    </dl>
  );
}

function Detail({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <Text value={value} max={200} />
      </dd>
    </div>
  );
}

function ChannelRow({ vhost, channel, close }: { vhost: string; channel: Channel; close: (() => void) | null }) {
  const prefetch = channel.globalPrefetch || channel.prefetch;
  return (
    <tr>
      <td class="number">{channel.number}</td>
      <td class="name">
        {channel.consumerItems.length === 0 ? (
          <span class="faint">nothing</span>
        ) : (
          channel.consumerItems.slice(0, 20).map((each, at) => (
            <div key={at}>
              <a href={link("queues", vhost, each.queue)}>
                <Text value={each.queue} max={60} />
              </a>{" "}
              <span class="faint">
                <Text value={each.tag} max={40} />
              </span>
            </div>
          ))
        )}
        {channel.consumerItems.length > 20 && <div class="faint">and {count(channel.consumerItems.length - 20)} more</div>}
      </td>
      <td>{[channel.confirm && "confirms", channel.transactional && "transactions"].filter(Boolean).join(", ") || "–"}</td>
      <td class="number">{prefetch === 0 ? "no limit" : count(prefetch)}</td>
      <td class="number">{count(channel.unacked)}</td>
      <td class="number">{count(channel.unconfirmed)}</td>
      <td class="number">{count(channel.published)}</td>
      <td class="number">{count(channel.delivered)}</td>
      {close !== null && (
        <td>
          <button type="button" class="danger" aria-label={`Close channel ${channel.number}`} onClick={close}>
            Close…
          </button>
        </td>
      )}
    </tr>
  );
}
