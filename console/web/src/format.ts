const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

export function count(n: number): string {
  return whole.format(n);
}

export function counted(n: number, one: string, many = one + "s"): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** Three digits that matter, for figures that move. */
export function figure(n: number): string {
  if (n >= 100 || n === 0) {
    return count(n);
  }
  return n >= 10 ? n.toFixed(1) : n.toFixed(2);
}

const trimmed = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });

/** A mark on a scale. */
export function mark(n: number): string {
  return trimmed.format(n);
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

export function bytes(n: number, form = figure): string {
  let unit = 0;
  while (n >= 1024 && unit < UNITS.length - 1) {
    n /= 1024;
    unit++;
  }
  return `${unit === 0 ? count(n) : form(n)} ${UNITS[unit]}`;
}

/** A short time with tenths below a minute: `0.4 s`, `2 min 5 s`, `3 h 20 min`, `2 d 4 h`. */
export function duration(ms: number): string {
  const s = Math.max(0, ms) / 1000;
  if (s < 60) {
    return `${s.toFixed(1)} s`;
  }
  const minutes = Math.floor(s / 60);
  if (minutes < 60) {
    return `${minutes} min ${Math.floor(s % 60)} s`;
  }
  const hours = Math.floor(minutes / 60);
  return hours < 24
    ? `${hours} h ${minutes % 60} min`
    : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** The same in whole seconds, for what is not to flicker. */
export function ago(ms: number): string {
  return ms < 60_000 ? `${Math.max(0, Math.round(ms / 1000))} s` : duration(ms);
}

// Sweden writes dates and times as ISO 8601 does; they are the browser's local ones.
const clock = new Intl.DateTimeFormat("sv-SE", { timeStyle: "medium" });
const dateAndClock = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "medium" });

export function timeOfDay(ms: number): string {
  return clock.format(ms);
}

export function moment(ms: number): string {
  return dateAndClock.format(ms);
}
