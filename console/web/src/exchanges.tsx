import { useState } from "preact/hooks";
import { api, type Binding, type Exchange as OneExchange, type Page } from "./api";
import { Dialog } from "./dialog";
import { count, counted } from "./format";
import { useFollowed } from "./followed";
import { live, useLive } from "./live";
import { FIRST, Heading, link, Pager, usePart, useTop, Vhosts } from "./pages";
import { Picture, type Way } from "./picture";
import { Publish } from "./publish";
import { Search, walkRows } from "./search";
import { FieldTable, Text } from "./text";

const EVERY_MS = 2_000;

/** The exchanges of a virtual host, and a picture of where they lead. */
export function Exchanges({ vhost }: { vhost: string }) {
  const list = usePart("name");
  const { value: page, gone } = useFollowed(
    "exchanges " + JSON.stringify([vhost, list.part]),
    () => api.exchanges(vhost, list.part),
    0,
    EVERY_MS,
  );
  const wanted = list.part.name;
  const { value: bindings } = useFollowed(
    "bindings " + JSON.stringify([vhost, wanted]),
    () => api.bindings(vhost, { ...FIRST, name: wanted }),
    0,
    EVERY_MS,
  );
  const ways = [...(bindings?.items ?? []), ...alternates(page?.items ?? [])];
  return (
    <>
      <div class="title">
        <h1>Exchanges</h1>
        {page !== null && bindings !== null && (
          <p>
            {counted(page.found, "exchange")}, {counted(bindings.found, "binding")}
          </p>
        )}
        <Vhosts page="exchanges" vhost={vhost} />
        <Search label="Find an exchange or binding" value={wanted} onInput={list.find} />
      </div>
      {gone && <p class="panel notice">This virtual host is not there (any more).</p>}
      {bindings !== null &&
        !gone &&
        (ways.length === 0 ? (
          <p class="panel notice">
            {wanted === ""
              ? "No queue is bound yet. Without a binding only the default exchange leads to a queue, by its name."
              : "No binding has this text in its exchange, key or queue."}
          </p>
        ) : (
          <>
            <Picture vhost={vhost} ways={ways} />
            <More bindings={bindings} />
          </>
        ))}
      {page !== null && !gone && (
        <div class="list">
          <div class="panel scroll">
            <table onKeyDown={walkRows}>
              <thead>
                <tr>
                  <Heading list={list} by="name">Exchange</Heading>
                  <Heading list={list} by="type">Type</Heading>
                  <th scope="col">Alternate</th>
                  <th scope="col">Policy</th>
                </tr>
              </thead>
              <tbody>
                {page.items.map((each) => (
                  <Row key={each.name} exchange={each} />
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

function alternates(exchanges: OneExchange[]): Way[] {
  return exchanges
    .filter((each) => each.alternate !== "")
    .map((each) => ({ source: each.name, destination: each.alternate, toExchange: true, routingKey: "", alternate: true }));
}

function More({ bindings }: { bindings: Page<Binding> }) {
  return bindings.found > bindings.items.length ? (
    <p class="faint">
      The first {count(bindings.items.length)} of {count(bindings.found)} bindings: search, or choose an exchange.
    </p>
  ) : null;
}

function Row({ exchange }: { exchange: OneExchange }) {
  return (
    <tr>
      <th scope="row" class="name">
        {exchange.name === "" ? (
          <span>
            default <span class="faint">leads to every queue by its name</span>
          </span>
        ) : (
          <a data-row class="row" href={link("exchanges", exchange.vhost, exchange.name)}>
            <Text value={exchange.name} />
          </a>
        )}
        <Tags exchange={exchange} />
      </th>
      <td>
        <Text value={exchange.type} max={40} />
      </td>
      <td class="name">{exchange.alternate !== "" && <Text value={exchange.alternate} max={60} />}</td>
      <td class="name">{exchange.policy !== "" && <Text value={exchange.policy} max={60} />}</td>
    </tr>
  );
}

function Tags({ exchange }: { exchange: OneExchange }) {
  return (
    <>
      {!exchange.durable && <span class="tag">not durable</span>}
      {exchange.autoDelete && <span class="tag">auto-delete</span>}
      {exchange.internal && <span class="tag">internal</span>}
    </>
  );
}

/** One exchange: who leads to it, where it leads, and by which keys. */
export function Exchange({ vhost, name }: { vhost: string; name: string }) {
  useTop();
  useLive();
  const { value: exchange, gone } = useFollowed(`exchange ${vhost}/${name}`, () => api.exchange(vhost, name), 0, EVERY_MS);
  const { value: from } = useFollowed(`from ${vhost}/${name}`, () => api.bindingsFrom(vhost, name, FIRST), 0, EVERY_MS);
  const { value: to } = useFollowed(`to ${vhost}/${name}`, () => api.bindingsTo(vhost, name, true, FIRST), 0, EVERY_MS);
  const [asked, setAsked] = useState<"" | "publish" | "delete">("");
  const [told, setTold] = useState("");
  const close = () => setAsked("");
  const mayDelete = !name.startsWith("amq.");
  const ways = [...(to?.items ?? []), ...(from?.items ?? []), ...(exchange === null ? [] : alternates([exchange]))];
  return (
    <>
      <a class="up" href={link("exchanges", vhost)}>
        All exchanges
      </a>
      <div class="title">
        <h1>
          <Text value={name} />
        </h1>
        {exchange !== null && (
          <p>
            <Text value={exchange.type} max={40} />
            <Tags exchange={exchange} />
          </p>
        )}
        {exchange !== null && !gone && live.mayChange && (
          <div class="buttons">
            {!exchange.internal && (
              <button type="button" onClick={() => setAsked("publish")}>
                Publish…
              </button>
            )}
            {mayDelete && (
              <button type="button" class="danger" onClick={() => setAsked("delete")}>
                Delete…
              </button>
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
        <p class="panel notice">This exchange is not there (any more).</p>
      ) : (
        <>
          {ways.length > 0 && <Picture vhost={vhost} ways={ways} focus={name} />}
          {from !== null && (
            <>
              <Bindings vhost={vhost} title="Leads to" bindings={from} />
              <More bindings={from} />
            </>
          )}
          {to !== null && to.items.length > 0 && <Bindings vhost={vhost} title="Reached from" bindings={to} incoming />}
          {exchange !== null && Object.keys(exchange.arguments).length > 0 && (
            <section aria-label="Arguments">
              <h2>Arguments</h2>
              <div class="panel">
                <FieldTable fields={exchange.arguments} />
              </div>
            </section>
          )}
        </>
      )}
      {asked === "publish" && <Publish vhost={vhost} exchange={name} tell={setTold} close={close} />}
      {asked === "delete" && (
        <Dialog
          title="Delete the exchange"
          action="Delete"
          danger
          close={close}
          run={async () => {
            await api.deleteExchange(vhost, name);
            location.hash = link("exchanges", vhost);
          }}
        >
          <p>
            The exchange <Text value={name} max={60} /> will be gone with its bindings. Queues and their messages stay; whoever
            publishes to it is refused.
          </p>
        </Dialog>
      )}
    </>
  );
}

interface BindingsProps {
  vhost: string;
  title: string;
  bindings: Page<Binding>;
  incoming?: boolean;
}

function Bindings({ vhost, title, bindings, incoming = false }: BindingsProps) {
  return (
    <section aria-label={title}>
      <h2>
        {title}
        <small>{counted(bindings.found, "binding")}</small>
      </h2>
      {bindings.items.length === 0 ? (
        <p class="panel notice">Nothing is bound to it: what is published here is lost, or returned.</p>
      ) : (
        <div class="panel scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">{incoming ? "From" : "To"}</th>
                <th scope="col">Routing key</th>
                <th scope="col">Arguments</th>
              </tr>
            </thead>
            <tbody>
              {bindings.items.map((each, at) => (
                <tr key={at}>
                  <th scope="row" class="name">
                    <End vhost={vhost} name={incoming ? each.source : each.destination} isExchange={incoming || each.toExchange} />
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

function End({ vhost, name, isExchange }: { vhost: string; name: string; isExchange: boolean }) {
  return (
    <>
      <a href={link(isExchange ? "exchanges" : "queues", vhost, name)}>
        <Text value={name} />
      </a>
      <span class="tag">{isExchange ? "exchange" : "queue"}</span>
    </>
  );
}
