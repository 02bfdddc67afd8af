const KINDS: Record<string, string> = { UP: "ok", DOWN: "bad", STARTING: "warn", OUT_OF_SERVICE: "off" };

/** A status in words; the colour repeats it for those who see it. */
export function Status({ status }: { status: string }) {
  return <span class={`status ${KINDS[status] ?? "off"}`}>{status.toLowerCase().replaceAll("_", " ")}</span>;
}
