import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api, type Page, type Part } from "./api";
import { count } from "./format";
import { useFollowed } from "./followed";
import { plain } from "./text";

const SIZE = 50;
const VHOSTS_EVERY_MS = 5_000;
export const DEFAULT_VHOST = "/";

/** A list that begins at the start: for what is never long, and told if it is. */
export const FIRST: Part = { page: 1, pageSize: 100, name: "", sort: "", reverse: false };

export interface PartOf {
  part: Part;
  find: (name: string) => void;
  turn: (page: number) => void;
  order: (sort: string, highestFirst: boolean) => void;
}

/** Which page of a list is shown, of what, in which order. */
export function usePart(sort: string): PartOf {
  const [part, setPart] = useState<Part>({ page: 1, pageSize: SIZE, name: "", sort, reverse: false });
  return {
    part,
    find: (name) => setPart({ ...part, name, page: 1 }),
    turn: (page) => setPart({ ...part, page }),
    order: (by, highestFirst) =>
      setPart({ ...part, sort: by, page: 1, reverse: part.sort === by ? !part.reverse : highestFirst }),
  };
}

interface HeadingProps {
  list: PartOf;
  by: string;
  number?: boolean;
  children: ComponentChildren;
}

/** The heading of a column by which the list can be ordered. */
export function Heading({ list, by, number = false, children }: HeadingProps) {
  const { part, order } = list;
  const sorted = part.sort === by ? (part.reverse ? "descending" : "ascending") : undefined;
  return (
    <th scope="col" class={number ? "number" : ""} aria-sort={sorted}>
      <button type="button" class="row sort" onClick={() => order(by, number)}>
        {children}
      </button>
    </th>
  );
}

export function Pager({ page, turn }: { page: Page<unknown>; turn: (page: number) => void }) {
  if (page.pages <= 1) {
    return null;
  }
  const first = (page.page - 1) * SIZE + 1;
  return (
    <nav class="pager" aria-label="Pages of the list">
      <button type="button" disabled={page.page <= 1} onClick={() => turn(page.page - 1)}>
        Previous
      </button>
      <span>
        {count(first)} to {count(first + page.items.length - 1)} of {count(page.found)}
      </span>
      <button type="button" disabled={page.page >= page.pages} onClick={() => turn(page.page + 1)}>
        Next
      </button>
    </nav>
  );
}

/** Where there is more than one virtual host. */
export function Vhosts({ page, vhost }: { page: string; vhost: string }) {
  const { value } = useFollowed("vhosts", api.vhosts, 0, VHOSTS_EVERY_MS);
  if (value === null || value.length < 2) {
    return null;
  }
  return (
    <label class="vhost">
      Virtual host{" "}
      <select value={vhost} onChange={(event) => (location.hash = link(page, event.currentTarget.value))}>
        {value.map((each) => (
          <option key={each.name} value={each.name}>
            {plain(each.name, 60)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Begins at the top: the list that led here may have been scrolled far down. */
export function useTop() {
  useEffect(() => scrollTo(0, 0), []);
}

/** An address within this page. */
export function link(page: string, ...names: string[]): string {
  return "#/" + [page, ...names.map(encodeURIComponent)].join("/");
}
