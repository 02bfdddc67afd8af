import type { Binding } from "./api";
import { link } from "./pages";
import { plain } from "./text";

const WIDTH = 190;
const GAP = 210;
const SLOT = 20;
const BETWEEN = 12;
const MARGIN = 8;
const NAME_LENGTH = 23;
const KEY_LENGTH = 24;
/** Where a key ends before the point of its arrow. */
const KEY_END = 12;
const KEY_WIDTH = GAP - 40;
/** Exchanges that lead to exchanges are drawn so deep; a cycle would have no end. */
const MOST_COLUMNS = 5;

interface Node {
  id: string;
  name: string;
  isQueue: boolean;
  column: number;
  x: number;
  y: number;
  height: number;
}

interface Edge {
  from: Node;
  to: Node;
  keys: string[];
  /** Taken by what no binding takes. */
  alternate: boolean;
  y1: number;
  y2: number;
}

/** A way that is drawn. */
export type Way = Pick<Binding, "source" | "destination" | "toExchange" | "routingKey"> & { alternate?: boolean };

/** Ways between the same two are one line with all their keys. */
function edgesOf(ways: Way[]): { nodes: Node[]; edges: Edge[] } {
  const nodes = new Map<string, Node>();
  const edges = new Map<string, Edge>();
  const node = (name: string, isQueue: boolean) => {
    const id = (isQueue ? "q" : "x") + name;
    const known = nodes.get(id) ?? { id, name, isQueue, column: 0, x: 0, y: 0, height: 0 };
    nodes.set(id, known);
    return known;
  };
  for (const way of ways) {
    const from = node(way.source, false);
    const to = node(way.destination, !way.toExchange);
    const id = JSON.stringify([from.id, to.id, way.alternate ?? false]);
    const edge = edges.get(id) ?? { from, to, keys: [], alternate: way.alternate ?? false, y1: 0, y2: 0 };
    edge.keys.push(way.routingKey);
    edges.set(id, edge);
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

/** Columns from left to right: each exchange behind those that lead to it, queues last. */
function arrange(nodes: Node[], edges: Edge[]): { width: number; height: number } {
  for (let round = 1; round < MOST_COLUMNS; round++) {
    for (const { from, to } of edges) {
      if (!to.isQueue && from !== to && to.column < from.column + 1 && from.column + 1 < MOST_COLUMNS) {
        to.column = from.column + 1;
      }
    }
  }
  const last = 1 + Math.max(0, ...nodes.filter((node) => !node.isQueue).map((node) => node.column));
  nodes.filter((node) => node.isQueue).forEach((node) => (node.column = last));
  let height = 0;
  for (let column = 0; column <= last; column++) {
    const here = nodes.filter((node) => node.column === column);
    const middle = (node: Node) => {
      const before = edges.filter((edge) => edge.to === node && edge.from.column < column);
      return before.length === 0 ? 0 : before.reduce((sum, edge) => sum + edge.from.y + edge.from.height / 2, 0) / before.length;
    };
    here.sort((a, b) => middle(a) - middle(b) || (a.name < b.name ? -1 : 1));
    let y = MARGIN;
    for (const node of here) {
      const lines = Math.max(
        1,
        edges.filter((edge) => edge.from === node).length,
        edges.filter((edge) => edge.to === node).length,
      );
      node.x = MARGIN + column * (WIDTH + GAP);
      node.y = y;
      node.height = lines * SLOT + 8;
      y += node.height + BETWEEN;
    }
    height = Math.max(height, y - BETWEEN + MARGIN);
  }
  for (const node of nodes) {
    const out = edges.filter((edge) => edge.from === node).sort((a, b) => a.to.column - b.to.column || a.to.y - b.to.y);
    out.forEach((edge, at) => (edge.y1 = slot(node, at, out.length)));
    const into = edges.filter((edge) => edge.to === node).sort((a, b) => a.from.y - b.from.y);
    into.forEach((edge, at) => (edge.y2 = slot(node, at, into.length)));
  }
  return { width: 2 * MARGIN + last * (WIDTH + GAP) + WIDTH, height };
}

function slot(node: Node, at: number, of: number): number {
  return node.y + node.height / 2 + (at - (of - 1) / 2) * SLOT;
}

function keysOf(edge: Edge): string {
  if (edge.alternate) {
    return "what nothing takes";
  }
  const keys = [...new Set(edge.keys)].filter((key) => key !== "");
  const [first, second] = keys;
  return first === undefined ? "" : keys.length === 1 ? first : keys.length === 2 ? `${first}, ${second}` : `${first} and ${keys.length - 1} more`;
}

interface Props {
  vhost: string;
  ways: Way[];
  /** The exchange that the picture is about. */
  focus?: string;
}

/** Which exchange leads where, by which keys. The tables below it say the same. */
export function Picture({ vhost, ways, focus }: Props) {
  const { nodes, edges } = edgesOf(ways);
  const { width, height } = arrange(nodes, edges);
  return (
    <div class="panel scroll picture" tabIndex={0}>
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label="Exchanges and where they lead">
        {edges.map((edge) => (
          <Line key={edge.from.id + " " + edge.to.id + edge.alternate} edge={edge} />
        ))}
        {edges.map((edge) => (
          <Keys key={edge.from.id + " " + edge.to.id + edge.alternate} edge={edge} />
        ))}
        {nodes.map((node) => (
          <a key={node.id} href={link(node.isQueue ? "queues" : "exchanges", vhost, node.name)}>
            <g class={(node.isQueue ? "node queue" : "node exchange") + (!node.isQueue && node.name === focus ? " focus" : "")}>
              <title>{`${node.isQueue ? "Queue" : "Exchange"} ${plain(node.name, 300)}`}</title>
              <rect x={node.x} y={node.y} width={WIDTH} height={node.height} rx={node.isQueue ? 3 : node.height < 40 ? 14 : 10} />
              <svg x={node.x + 4} y={node.y} width={WIDTH - 8} height={node.height}>
                <text x={WIDTH / 2 - 4} y={Math.min(node.height / 2, 60) + 4} text-anchor="middle">
                  {plain(node.name, NAME_LENGTH)}
                </text>
              </svg>
            </g>
          </a>
        ))}
      </svg>
    </div>
  );
}

function Line({ edge }: { edge: Edge }) {
  const x1 = edge.from.x + WIDTH;
  const x2 = edge.to.x;
  const bend = Math.max(60, Math.abs(x2 - x1) / 2);
  return (
    <g class={edge.alternate ? "edge alternate" : "edge"}>
      <path d={`M ${x1} ${edge.y1} C ${x1 + bend} ${edge.y1} ${x2 - bend} ${edge.y2} ${x2 - 6} ${edge.y2}`} />
      <path class="head-of" d={`M ${x2 - 7} ${edge.y2 - 4} L ${x2} ${edge.y2} L ${x2 - 7} ${edge.y2 + 4} Z`} />
    </g>
  );
}

/** Above all lines; what is too wide for its place is cut off there. */
function Keys({ edge }: { edge: Edge }) {
  const keys = keysOf(edge);
  if (keys === "") {
    return null;
  }
  return (
    <svg class="keys" x={edge.to.x - KEY_END - KEY_WIDTH} y={edge.y2 - SLOT + 2} width={KEY_WIDTH} height={SLOT}>
      <text x={KEY_WIDTH} y={SLOT - 6} text-anchor="end">
        <title>{edge.keys.slice(0, 20).map((key) => plain(key, 100)).join("\n")}</title>
        {plain(keys, KEY_LENGTH)}
      </text>
    </svg>
  );
}
