import { useState } from "preact/hooks";
import { Refusal } from "./api";
import { live } from "./live";

/** Shown when the node wants to know who asks. */
export function SignIn() {
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setBusy(true);
    try {
      await live.signIn(String(fields.get("user")), String(fields.get("password")));
    } catch (failure) {
      setProblem(
        !(failure instanceof Refusal)
          ? "The node does not answer."
          : failure.status === 401
            ? "User or password is wrong."
            : failure.message,
      );
      setBusy(false);
    }
  };
  return (
    <form class="panel signin" onSubmit={submit}>
      <h1>Sign in</h1>
      <label>
        User
        <input name="user" autocomplete="username" required autofocus />
      </label>
      <label>
        Password
        <input name="password" type="password" autocomplete="current-password" required />
      </label>
      {problem && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      <button type="submit" disabled={busy}>
        Sign in
      </button>
      <p class="faint">
        Users are made by an admin: <code>mainstay user add NAME</code>
      </p>
    </form>
  );
}
