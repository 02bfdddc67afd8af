import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Refusal } from "./api";

export function sentence(failure: unknown): string {
  if (failure instanceof Refusal) {
    return failure.message;
  }
  const isLate = failure instanceof DOMException && failure.name === "TimeoutError";
  return isLate ? "The node did not answer in time: look whether it happened." : "The node does not answer.";
}

interface Props {
  title: string;
  /** What the button says: a verb. */
  action: string;
  danger?: boolean;
  children: ComponentChildren;
  /** Does it; what it throws is shown and the dialog stays. */
  run: (fields: FormData) => Promise<void>;
  close: () => void;
}

/** Asks before something is done that cannot be undone. Escape and Cancel leave everything as it is. */
export function Dialog({ title, action, danger = false, children, run, close }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  useEffect(() => dialog.current!.showModal(), []);
  const submit = async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setBusy(true);
    setProblem("");
    try {
      await run(fields);
      close();
    } catch (failure) {
      setProblem(sentence(failure));
      setBusy(false);
    }
  };
  return (
    <dialog ref={dialog} class="panel dialog" aria-labelledby="dialog-title" onClose={close}>
      <form onSubmit={submit}>
        <h2 id="dialog-title">{title}</h2>
        {children}
        {problem && (
          <p class="bad" role="alert">
            {problem}
          </p>
        )}
        <div class="buttons">
          <button type="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" class={danger ? "danger" : "primary"} disabled={busy}>
            {action}
          </button>
        </div>
      </form>
    </dialog>
  );
}
