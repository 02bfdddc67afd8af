import { timeOfDay } from "./format";
import { isFresh, useLive } from "./live";
import { Status } from "./status";
import { Text } from "./text";

const SHOWN = 50;
const KINDS = { ADDED: "registered", MODIFIED: "changed", DELETED: "removed" };

/** What happened since this page was opened, newest first; of one service if one is given. */
export function Changes({ service }: { service: string | null }) {
  const { changes } = useLive();
  const shown = changes
    .filter((change) => service === null || change.instance.service === service)
    .slice(0, SHOWN);
  return (
    <section aria-label="Changes">
      <h2>
        Changes
        <small>{service === null ? "since this page was opened" : `of ${service} since this page was opened`}</small>
      </h2>
      {shown.length === 0 ? (
        <p class="panel notice">None yet. An instance that registers, changes its status or leaves shows here at once.</p>
      ) : (
        <div class="panel scroll">
          <table class="stacks changes">
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col">What</th>
                {service === null && <th scope="col">Service</th>}
                <th scope="col">Instance</th>
                <th scope="col">Status</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((change) => (
                <tr key={`${change.sequence} ${change.instance.service} ${change.instance.instanceId}`} class={isFresh(change) ? "fresh" : ""}>
                  <td class="time">{timeOfDay(change.atMs)}</td>
                  <td>{KINDS[change.kind]}</td>
                  {service === null && (
                    <td class="name">
                      <a href={"#/registry/" + encodeURIComponent(change.instance.service)}>
                        <Text value={change.instance.service} />
                      </a>
                    </td>
                  )}
                  <td class="name">
                    <Text value={change.instance.instanceId} />
                  </td>
                  <td>{change.kind === "DELETED" ? "–" : <Status status={change.instance.status} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
