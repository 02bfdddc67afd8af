import { Fragment } from "preact";
import { useState } from "preact/hooks";
import { api, type Instance } from "./api";
import { ago, bytes, count, counted, duration, mark, moment } from "./format";
import { useFollowed } from "./followed";
import { live, useLive } from "./live";
import { walkRows } from "./search";
import { Status } from "./status";
import { Text } from "./text";

const MOST_ROWS = 500;
const MANY = 12;
const LEASES_EVERY_MS = 1_000;

/** The instances of one service with their leases, which move without any change being told: they are asked for each second. */
export function Instances({ namespace, service }: { namespace: string; service: string }) {
  const { epoch, protection } = useLive();
  const { value: instances, gone } = useFollowed(namespace + "/" + service, () => api.instances(namespace, service), epoch, LEASES_EVERY_MS);
  const [wanted, setWanted] = useState("");
  // What the banner says already is not said again in every row.
  const told = new Set([protection?.global, ...(protection?.services ?? [])].map((scope) => scope?.explanation));
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  if (instances === null && !gone) {
    return null;
  }
  const all = gone ? [] : (instances ?? []);
  const found = all.filter((each) => matches(each, wanted.trim().toLowerCase()));
  const toggle = (id: string) => {
    const next = new Set(open);
    if (!next.delete(id)) {
      next.add(id);
    }
    setOpen(next);
  };
  return (
    <section aria-label={`Instances of ${service}`}>
      <a class="back" href="#/registry">
        All services
      </a>
      <div class="title">
        <h2>
          <Text value={service} />
        </h2>
        {!gone && <p>{counted(all.length, "instance")}</p>}
        {all.length > MANY && (
          <label class="search">
            <span class="unseen">Find an instance</span>
            <input
              type="search"
              placeholder="Find by id, address, zone or status"
              value={wanted}
              onInput={(event) => setWanted(event.currentTarget.value)}
            />
          </label>
        )}
      </div>
      {all.length === 0 ? (
        <p class="panel notice">This service has no instance. It appears again when one registers.</p>
      ) : (
        <div class="panel scroll">
          <table class="stacks" onKeyDown={walkRows}>
            <thead>
              <tr>
                <th scope="col">Instance</th>
                <th scope="col">Status</th>
                <th scope="col">Address</th>
                <th scope="col">Zone</th>
                <th scope="col" class="number">
                  Last beat
                </th>
                <th scope="col" class="number">
                  Lease left
                </th>
              </tr>
            </thead>
            <tbody>
              {found.slice(0, MOST_ROWS).map((each) => (
                <Rows
                  key={each.instanceId}
                  instance={each}
                  told={told.has(each.held)}
                  open={open.has(each.instanceId)}
                  toggle={() => toggle(each.instanceId)}
                />
              ))}
            </tbody>
          </table>
          {found.length === 0 && <p class="more">No instance matches “{wanted}”.</p>}
          {found.length > MOST_ROWS && (
            <p class="more">
              The first {count(MOST_ROWS)} of {count(found.length)}: search to see others.
            </p>
          )}
        </div>
      )}
    </section>
  );
}

function matches(instance: Instance, wanted: string): boolean {
  return [instance.instanceId, instance.host, instance.ip, instance.zone, instance.status].some((text) =>
    text.toLowerCase().includes(wanted),
  );
}

interface RowsProps {
  instance: Instance;
  told: boolean;
  open: boolean;
  toggle: () => void;
}

function Rows({ instance, told, open, toggle }: RowsProps) {
  const { lastBeatAgeMs, leaseLeftMs, held = "" } = instance;
  return (
    <Fragment>
      <tr class={live.justChanged(instance) ? "fresh" : ""}>
        <th scope="row" class="name">
          <button data-row class="row disclose" type="button" aria-expanded={open} onClick={toggle}>
            <Text value={instance.instanceId} />
          </button>
        </th>
        <td>
          <Status status={instance.status} />
          {instance.override !== "" && <span class="tag">by an operator</span>}
        </td>
        <td>
          <Text value={address(instance)} max={80} />
        </td>
        <td>{instance.zone === "" ? <span class="faint">none</span> : <Text value={instance.zone} max={40} />}</td>
        <td class="number" data-label="last beat">{lastBeatAgeMs === undefined ? "–" : duration(lastBeatAgeMs)}</td>
        <td class="number" data-label="lease left">
          {held !== "" && <span class="tag warn">held</span>}
          {leaseLeftMs === undefined ? "–" : <LeaseLeft leftMs={leaseLeftMs} durationMs={instance.leaseDurationMs} />}
        </td>
      </tr>
      {held !== "" && (open || !told) && (
        <tr class="why">
          <td colSpan={6}>
            <strong>Eviction held.</strong> {held}
          </td>
        </tr>
      )}
      {open && (
        <tr class="more-of">
          <td colSpan={6}>
            <Details instance={instance} />
          </td>
        </tr>
      )}
    </Fragment>
  );
}

function address(instance: Instance): string {
  const host = instance.ip || instance.host;
  const port = instance.port || instance.securePort;
  return port === 0 ? host : `${host}:${port}`;
}

function LeaseLeft({ leftMs, durationMs }: { leftMs: number; durationMs: number }) {
  if (leftMs < 0) {
    return <span class="bad">ended {ago(-leftMs)} ago</span>;
  }
  return (
    <span class="lease">
      <span class="gauge" aria-hidden="true">
        <span style={{ width: `${Math.min(100, (100 * leftMs) / durationMs)}%` }} />
      </span>
      {duration(leftMs)}
    </span>
  );
}

function Details({ instance }: { instance: Instance }) {
  const metadata = Object.entries(instance.metadata);
  return (
    <dl class="details">
      <Detail name="Host" value={instance.host || "none"} />
      <Detail name="IP address" value={instance.ip || "none"} />
      <Detail name="Port" value={instance.port === 0 ? "off" : String(instance.port)} />
      <Detail name="TLS port" value={instance.securePort === 0 ? "off" : String(instance.securePort)} />
      <Detail name="Own status" value={instance.declared} />
      <Detail name="Override" value={instance.override || "none"} />
      <Detail name="Weight" value={count(instance.weight)} />
      <Detail
        name="Lease"
        value={`${mark(instance.leaseDurationMs / 1000)} s, a beat every ${mark(instance.leaseIntervalMs / 1000)} s`}
      />
      <Detail name="Beats here" value={instance.beats === undefined ? "–" : count(instance.beats)} />
      <Detail name="Registered" value={moment(instance.registeredMs)} />
      <Detail name="Last change" value={moment(instance.changedMs)} />
      <Detail name="Revision" value={count(instance.revision)} />
      <Detail
        name="Metadata"
        value={metadata.length === 0 ? "none" : `${counted(metadata.length, "key")}, ${bytes(sizeOf(metadata))}`}
      />
      {metadata.length > 0 && (
        <div class="wide">
          <table>
            <tbody>
              {metadata.slice(0, MOST_ROWS).map(([key, value]) => (
                <tr key={key}>
                  <th scope="row">
                    <Text value={key} />
                  </th>
                  <td>
                    <Text value={value} max={1_000} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </dl>
  );
}

function sizeOf(entries: [string, string][]): number {
  return new TextEncoder().encode(entries.flat().join("")).length;
}

function Detail({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <Text value={value} max={300} />
      </dd>
    </div>
  );
}
