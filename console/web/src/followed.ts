import { useEffect, useRef, useState } from "preact/hooks";
import { Refusal } from "./api";

const NOT_SOONER_MS = 250;

interface Followed<T> {
  value: T | null;
  /** True if the node said that there is no such thing. */
  gone: boolean;
}

/**
 * What the node answers to `read`, asked again when `epoch` grows and, if `everyMs` is given and it is not gone, after that time. Changes that
 * come close together cost one call; an answer that was asked for under another `key` is not shown.
 */
export function useFollowed<T>(key: string, read: () => Promise<T>, epoch: number, everyMs?: number): Followed<T> {
  const [followed, setFollowed] = useState<Followed<T> & { key: string }>({ key, value: null, gone: false });
  const reader = useRef(new Reader());
  useEffect(() => {
    reader.current.begin(read, everyMs, (value, gone) =>
      setFollowed((before) => ({ key, value: value ?? (before.key === key ? before.value : null), gone })),
    );
    return () => reader.current.end();
  }, [key]);
  useEffect(() => reader.current.soon(), [key, epoch]);
  return followed.key === key ? followed : { value: null, gone: false };
}

/** At most one call under way and one waiting. */
class Reader {
  private generation = 0;
  private timer = 0;
  private busy = false;
  private again = false;
  private lastMs = 0;
  private read: () => Promise<unknown> = async () => null;
  private show: (value: never, gone: boolean) => void = () => {};
  private everyMs: number | undefined;

  begin<T>(read: () => Promise<T>, everyMs: number | undefined, show: (value: T | null, gone: boolean) => void) {
    this.generation++;
    this.read = read;
    this.everyMs = everyMs;
    this.show = show as typeof this.show;
    this.busy = false;
    this.again = false;
    this.lastMs = 0;
  }

  end() {
    this.generation++;
    clearTimeout(this.timer);
  }

  soon() {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.in(Math.max(0, this.lastMs + NOT_SOONER_MS - performance.now()));
  }

  private in(ms: number) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.now(), ms);
  }

  private async now() {
    const generation = this.generation;
    this.busy = true;
    this.lastMs = performance.now();
    let value: unknown = null;
    let gone = false;
    try {
      value = await this.read();
    } catch (failure) {
      // Whether the node is there at all is watched, and told, elsewhere.
      gone = failure instanceof Refusal && failure.status === 404;
    }
    if (generation !== this.generation) {
      return;
    }
    this.busy = false;
    if (value !== null || gone) {
      this.show(value as never, gone);
    }
    if (this.again) {
      this.again = false;
      this.soon();
    } else if (this.everyMs !== undefined && !gone) {
      this.in(this.everyMs);
    }
  }
}
