import type { ComponentChildren } from "preact";
import type { Overview as Figures, Protection, RaftGroup } from "./api";
import { bytes, count, counted, duration, figure } from "./format";
import { useLive } from "./live";
import { FirstClient, Held } from "./notices";
import { Plot } from "./plot";

const perSecond = (n: number) => figure(n) + "/s";

export function Overview() {
  const { overview, protection, history } = useLive();
  if (overview === null || protection === null) {
    return null;
  }
  return (
    <>
      <h1>Overview</h1>
      <Held protection={protection} />
      <Tiles overview={overview} protection={protection} />
      {overview.registry.instances === 0 && <FirstClient overview={overview} namespace="default" />}
      <h2>
        Last five minutes
        {history.length < 300 && <small>kept by this page while it is open</small>}
      </h2>
      <div class="plots">
        <Plot
          title="Beats"
          hint="Lease renewals that were taken"
          history={history}
          value={(s) => s.beatsPerS}
          format={perSecond}
          atLeast={1}
        />
        <Plot
          title="Changes"
          hint="Instances added, changed or removed"
          history={history}
          value={(s) => s.changesPerS}
          format={perSecond}
          atLeast={1}
        />
        <Plot
          title="Instances"
          hint="Registered instances, whatever their status"
          history={history}
          value={(s) => s.instances}
          format={count}
          atLeast={4}
        />
        <Plot
          title="Journal written"
          hint="Bytes appended to the journal by all raft groups"
          history={history}
          value={(s) => s.bytesPerS}
          format={(n) => bytes(n) + "/s"}
          atLeast={1024}
          inBytes
        />
        <Plot
          title="Journal sync"
          hint="Mean time until appended bytes were on the disk"
          history={history}
          value={(s) => s.syncMs}
          format={(n) => figure(n) + " ms"}
          atLeast={1}
        />
        <Plot
          title="Heap used"
          hint={`Memory of the node's JVM, at most ${bytes(overview.memory.heapMaxBytes)}`}
          history={history}
          value={(s) => s.heapBytes}
          format={(n) => bytes(n)}
          atLeast={64 << 20}
          inBytes
        />
      </div>
      <RaftGroups groups={overview.groups} />
    </>
  );
}

function Tiles({ overview, protection }: { overview: Figures; protection: Protection }) {
  const { registry, messaging, journal, groups } = overview;
  const held = protection.services.filter((scope) => scope.tripped).length;
  const led = groups.filter((group) => group.role === "LEADER").length;
  return (
    <dl class="tiles panel">
      <Tile name="Node" value={overview.node} note={overview.version} />
      <Tile name="Up for" value={duration(overview.uptimeMs).replace(/\.\d s$/, " s")} />
      <Tile name="Services" value={count(registry.services)} />
      <Tile
        name="Instances"
        value={count(registry.instances)}
        note={`${count(registry.statuses.UP ?? 0)} up`}
      />
      <Tile name="Queues" value={count(messaging.queues)} note={counted(messaging.connections, "connection")} />
      <Tile name="Messages" value={count(messaging.ready)} note="ready" />
      <Tile
        name="Protection"
        value={
          !protection.enabled ? "off" : protection.global.tripped ? "holds all" : held ? "holds" : "watching"
        }
        note={held > 0 && !protection.global.tripped ? counted(held, "service") : ""}
        warn={!protection.enabled || protection.global.tripped || held > 0}
      />
      <Tile
        name="Journal"
        value={journal.failed ? "failed" : journal.full ? "full" : bytes(journal.segments * journal.segmentBytes)}
        note={
          journal.failed
            ? "no more writes until a restart"
            : journal.full
              ? "writes are refused"
              : counted(journal.segments, "segment")
        }
        warn={journal.failed || journal.full}
      />
      <Tile name="Raft groups" value={`${led} of ${groups.length}`} note="led here" warn={led === 0} />
    </dl>
  );
}

export function Tile(props: { name: string; value: ComponentChildren; note?: string; warn?: boolean }) {
  return (
    <div class={props.warn ? "warn" : ""}>
      <dt>{props.name}</dt>
      <dd>
        {props.value}
        {props.note && <small>{props.note}</small>}
      </dd>
    </div>
  );
}

function RaftGroups({ groups }: { groups: RaftGroup[] }) {
  return (
    <>
      <h2>Raft groups</h2>
      <div class="panel scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Group</th>
              <th scope="col">Role here</th>
              <th scope="col" class="number">Leader</th>
              <th scope="col" class="number">Term</th>
              <th scope="col" class="number">Applied</th>
              <th scope="col" class="number">End of log</th>
              <th scope="col" class="number">Last snapshot</th>
              <th scope="col" class="number">Under way</th>
            </tr>
          </thead>
          <tbody>
            {groups.map((group) => (
              <tr key={group.id}>
                <th scope="row">{/^\d/.test(group.name) ? `data ${group.name}` : group.name}</th>
                <td>{group.role.toLowerCase()}</td>
                <td class="number">{group.leader < 0 ? "none" : group.leader}</td>
                <td class="number">{count(group.term)}</td>
                <td class="number">{count(group.appliedOffset)}</td>
                <td class="number">{count(group.endOffset)}</td>
                <td class="number">{group.snapshotOffset > 0 ? count(group.snapshotOffset) : "none"}</td>
                <td class="number">{bytes(group.bytesUnderWay)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
