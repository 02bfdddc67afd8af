import { useEffect, useState } from "preact/hooks";
import { api, type Protection, type Service } from "./api";
import { Changes } from "./changes";
import { count, counted } from "./format";
import { Instances } from "./instances";
import { live, useLive } from "./live";
import { FirstClient, Held } from "./notices";
import { Search, walkRows } from "./search";
import { Subscribers } from "./subscribers";
import { useFollowed } from "./followed";
import { plain, Text } from "./text";

/** More rows help nobody: the search narrows them. */
const MOST_ROWS = 500;

export function Registry({ selected }: { selected: string | null }) {
  const { overview, protection, epoch, namespace } = useLive();
  const { value: services } = useFollowed("services of " + namespace, () => api.services(namespace), epoch);
  const [wanted, setWanted] = useState("");
  useEffect(() => {
    if (selected !== null && innerWidth < 900) {
      scrollTo(0, 0);
    }
  }, [selected]);
  if (overview === null || protection === null || services === null) {
    return null;
  }
  const found = services.filter((each) => each.service.toLowerCase().includes(wanted.trim().toLowerCase()));
  return (
    <>
      <div class={selected === null ? "title" : "title chosen"}>
        <h1>Registry</h1>
        <p>
          {counted(services.length, "service")}, {counted(sum(services, "instances"), "instance")},{" "}
          {count(sum(services, "up"))} up
        </p>
        <Namespaces />
        <Search label="Find a service" value={wanted} onInput={setWanted} />
      </div>
      <Held protection={protection} />
      <div class={selected === null ? "split" : "split chosen"}>
        <div class="list">
          {services.length === 0 ? (
            <FirstClient overview={overview} namespace={namespace} />
          ) : found.length === 0 ? (
            <p class="panel notice">No service has “{wanted}” in its name.</p>
          ) : (
            <Services namespace={namespace} services={found} selected={selected} protection={protection} />
          )}
        </div>
        <div class="detail">
          {selected !== null && <Instances key={namespace + "/" + selected} namespace={namespace} service={selected} />}
          <Subscribers namespace={namespace} service={selected} />
          <Changes service={selected} />
        </div>
      </div>
    </>
  );
}

function sum(services: Service[], what: "instances" | "up"): number {
  return services.reduce((total, each) => total + each[what], 0);
}

/** Where there is more than one namespace. Names are text: the people who register choose them. */
function Namespaces() {
  const { namespace, namespaces } = useLive();
  if (namespaces.length < 2) {
    return null;
  }
  return (
    <label class="namespace">
      Namespace{" "}
      <select
        value={namespace}
        onChange={(event) => {
          location.hash = "#/registry";
          live.choose(event.currentTarget.value);
        }}
      >
        {namespaces.map((each) => (
          <option key={each} value={each}>
            {plain(each, 60)}
          </option>
        ))}
      </select>
    </label>
  );
}

interface ServicesProps {
  namespace: string;
  services: Service[];
  selected: string | null;
  protection: Protection;
}

function Services({ namespace, services, selected, protection }: ServicesProps) {
  const held = new Set(protection.services.filter((scope) => scope.tripped && scope.namespace === namespace).map((scope) => scope.name));
  return (
    <div class="panel">
      <table onKeyDown={walkRows}>
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col" class="number">
              Up
            </th>
            <th scope="col" class="number">
              All
            </th>
          </tr>
        </thead>
        <tbody>
          {services.slice(0, MOST_ROWS).map((each) => (
            <tr key={each.service} class={each.service === selected ? "selected" : ""}>
              <th scope="row" class="name">
                <a
                  data-row
                  class="row"
                  href={"#/registry/" + encodeURIComponent(each.service)}
                  aria-current={each.service === selected ? "true" : undefined}
                >
                  <Text value={each.service} />
                </a>
                {held.has(each.service) && <span class="tag warn">held</span>}
              </th>
              <td class={each.up < each.instances ? "number warn" : "number"}>{count(each.up)}</td>
              <td class="number">{count(each.instances)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {services.length > MOST_ROWS && (
        <p class="more">
          The first {count(MOST_ROWS)} of {count(services.length)}: search to see others.
        </p>
      )}
    </div>
  );
}
