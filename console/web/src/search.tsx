import { useEffect, useRef } from "preact/hooks";

interface Props {
  label: string;
  value: string;
  onInput: (value: string) => void;
}

/** Narrows a list. `/` comes here from anywhere on the page, Escape empties it. */
export function Search({ label, value, onInput }: Props) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const slash = (event: KeyboardEvent) => {
      const types = event.target instanceof HTMLElement && event.target.matches("input, textarea, select");
      if (event.key === "/" && !types && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        field.current?.focus();
        field.current?.select();
      }
    };
    addEventListener("keydown", slash);
    return () => removeEventListener("keydown", slash);
  }, []);
  return (
    <label class="search">
      <span class="unseen">{label}</span>
      <input
        ref={field}
        type="search"
        placeholder={label}
        value={value}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => onInput(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") {
            onInput("");
          }
        }}
      />
      <kbd aria-hidden="true">/</kbd>
    </label>
  );
}

/** Arrow keys, Home and End walk over the links or buttons that open a table's rows. */
export function walkRows(event: KeyboardEvent & { currentTarget: HTMLElement }) {
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-row]")];
  const at = stops.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: stops.length - 1 }[event.key];
  if (at >= 0 && to !== undefined && stops[to] !== undefined) {
    event.preventDefault();
    stops[to].focus();
  }
}
