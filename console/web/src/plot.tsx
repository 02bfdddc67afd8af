import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { bytes, mark, timeOfDay } from "./format";

const WINDOW_S = 300;
/** A page that was just opened shows less time rather than an empty plot. */
const LEAST_WINDOW_S = 60;
const HEIGHT = 132;
const POWERS_OF_TWO = Array.from({ length: 48 }, (_, power) => 2 ** power);

interface Timed {
  atMs: number;
}

interface Props<S extends Timed> {
  title: string;
  /** What the figure means, for those who do not know. */
  hint: string;
  history: S[];
  value: (sample: S) => number | null;
  format: (n: number) => string;
  /** The scale reaches at least so far, so that noise near zero does not look like an event. */
  atLeast: number;
  /** True if the figure counts bytes: then the scale has whole KiB and MiB. */
  inBytes?: boolean;
}

/** One figure over the last five minutes. All plots share the cursor; the heading tells the value below it. */
export function Plot<S extends Timed>({ title, hint, history, value, format, atLeast, inBytes = false }: Props<S>) {
  const root = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const [themes, setThemes] = useState(0);

  useEffect(() => {
    const again = () => setThemes((n) => n + 1);
    addEventListener("themechange", again);
    return () => removeEventListener("themechange", again);
  }, []);

  useEffect(() => {
    const element = root.current!;
    const made = new uPlot(options(element, inBytes, atLeast, setPointed), [[], []], element);
    plot.current = made;
    const resized = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      made.destroy();
    };
  }, [themes]);

  useEffect(() => {
    plot.current!.setData([history.map((s) => s.atMs / 1000), history.map(value)]);
  }, [history, themes]);

  const shown = pointed === null ? history.at(-1) : history[pointed];
  const figure = shown === undefined ? null : value(shown);
  const text = figure === null ? "–" : format(figure);
  return (
    <section class="panel plot" aria-label={`${title}: ${text}`}>
      <header title={hint}>
        <h3>{title}</h3>
        <span class="figure">
          {pointed !== null && shown !== undefined && <small>{timeOfDay(shown.atMs)}</small>}
          {text}
        </span>
      </header>
      <div ref={root} aria-hidden="true" />
    </section>
  );
}

function options(
  element: HTMLElement,
  inBytes: boolean,
  atLeast: number,
  setPointed: (index: number | null) => void,
): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const font = `11px ${style.fontFamily}`;
  const lines = { stroke: colour("--line"), width: 1 };
  const axis = { stroke: colour("--ink-2"), font, grid: lines, ticks: { show: false } };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    // Room for half of the last time's label.
    padding: [8, 26, 0, 0],
    legend: { show: false },
    cursor: {
      sync: { key: "overview", setSeries: false },
      y: false,
      drag: { setScale: false, x: false, y: false },
      points: { size: 6 },
    },
    scales: {
      x: {
        range: (_, from, to) => {
          const end = Number.isFinite(to) ? to : Date.now() / 1000;
          const span = Number.isFinite(from) ? end - from : 0;
          return [end - Math.min(WINDOW_S, Math.max(LEAST_WINDOW_S, span)), end];
        },
      },
      y: { range: (_, __, most) => [0, Math.max(atLeast, (most ?? 0) * 1.1)] },
    },
    axes: [
      {
        ...axis,
        size: 24,
        gap: 6,
        space: 100,
        values: (_, ticks) => ticks.map((s) => timeOfDay(s * 1000)),
        incrs: [10, 15, 30, 60, 120],
      },
      {
        ...axis,
        size: 62,
        gap: 6,
        space: 30,
        values: (_, ticks) => ticks.map((n) => (inBytes ? bytes(n, mark) : mark(n))),
        ...(inBytes ? { incrs: POWERS_OF_TWO } : {}),
      },
    ],
    series: [
      {},
      {
        stroke: colour("--accent"),
        fill: colour("--accent-wash"),
        width: 1.5,
        points: { show: false },
        spanGaps: true,
      },
    ],
    hooks: { setCursor: [(u) => setPointed(u.cursor.idx ?? null)] },
  };
}
