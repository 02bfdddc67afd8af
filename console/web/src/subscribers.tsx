import { api, type Subscriber } from "./api";
import { count, counted, duration } from "./format";
import { useFollowed } from "./followed";
import { useLive } from "./live";
import { Text } from "./text";

const SHOWN = 50;
const EVERY_MS = 2_000;

/** Who is told of changes over the streaming protocol, those that are behind for longest first; of one service if one is given. */
export function Subscribers({ namespace, service }: { namespace: string; service: string | null }) {
  const { epoch } = useLive();
  const { value } = useFollowed(
    `subscribers of ${namespace}/${service ?? ""}`,
    () => api.subscribers(namespace, service ?? "", SHOWN),
    epoch,
    EVERY_MS,
  );
  if (value === null || value.subscriptions === 0) {
    // Most applications may well speak Eureka's protocol and never subscribe.
    return null;
  }
  return (
    <section aria-label="Subscribers">
      <h2>
        Subscribers
        <small>
          {counted(value.subscriptions, "subscription")}
          {value.behind > 0 && `, ${count(value.behind)} behind`}
        </small>
      </h2>
      <div class="panel scroll">
        <table class="stacks subscribers">
          <thead>
            <tr>
              <th scope="col">Who</th>
              {service === null && <th scope="col">Service</th>}
              <th scope="col">Selector</th>
              <th scope="col" class="number">
                Revision
              </th>
              <th scope="col" class="number">
                Behind
              </th>
            </tr>
          </thead>
          <tbody>
            {value.items.map((each, at) => (
              <tr key={at}>
                <th scope="row" class="name">
                  <Text value={each.who} />
                </th>
                {service === null && (
                  <td class="name">
                    <a href={"#/registry/" + encodeURIComponent(each.service)}>
                      <Text value={each.service} />
                    </a>
                  </td>
                )}
                <td>{selector(each) === "" ? <span class="faint">all</span> : <Text value={selector(each)} />}</td>
                <td class="number" data-label="revision">
                  {count(each.revision)}
                </td>
                <td class={each.behindMs > 0 ? "number warn" : "number"} data-label="behind">
                  {each.behindMs > 0 ? duration(each.behindMs) : "–"}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {value.subscriptions > value.items.length && (
          <p class="more">
            The first {count(value.items.length)} of {count(value.subscriptions)}: those that are behind for longest.
          </p>
        )}
      </div>
    </section>
  );
}

function selector({ zones, labels }: Subscriber): string {
  const parts = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return (zones.length === 0 ? parts : [`zone ${zones.join(" or ")}`, ...parts]).join(", ");
}
