import { useEffect, useState } from "preact/hooks";
import { live, useLive } from "./live";
import { ConnectionLost } from "./notices";
import { Overview } from "./overview";
import { Registry } from "./registry";
import { SignIn } from "./signin";
import { useTheme, type Theme } from "./theme";

/** The part of the address behind `#/`, decoded, in its parts. */
function usePath(): string[] {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = () => setHash(location.hash);
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return hash.replace(/^#\/?/, "").split("/").map(decoded);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function App() {
  const { connection, overview } = useLive();
  const [page, selected] = usePath();
  const isRegistry = page === "registry";
  useEffect(() => {
    document.title = `${isRegistry ? "Registry" : "Overview"} · ${overview?.node ?? "Mainstay"}`;
  }, [isRegistry, overview?.node]);
  return (
    <>
      <Head page={isRegistry ? "registry" : "overview"} />
      <main id="main" tabIndex={-1}>
        <ConnectionLost live={live} />
        {connection === "signed-out" ? (
          <SignIn />
        ) : overview === null ? (
          connection === "connecting" && <p class="faint">Connecting…</p>
        ) : isRegistry ? (
          <Registry selected={selected || null} />
        ) : (
          <Overview />
        )}
      </main>
    </>
  );
}

function Head({ page }: { page: string }) {
  const { connection, overview, session } = useLive();
  const [theme, setTheme] = useTheme();
  const link = (name: string, text: string) => (
    <a href={"#/" + name} aria-current={page === name ? "page" : undefined}>
      {text}
    </a>
  );
  return (
    <header class="head">
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById("main")?.focus();
        }}
      >
        Skip to the content
      </a>
      <span class="brand">Mainstay</span>
      {connection !== "signed-out" && (
        <nav aria-label="Pages">
          {link("overview", "Overview")}
          {link("registry", "Registry")}
        </nav>
      )}
      <span class="state" role="status">
        {connection === "live" && <span class="status ok">{overview?.node}</span>}
        {connection === "lost" && <span class="status bad">connection lost</span>}
        {connection === "connecting" && <span class="status off">connecting</span>}
      </span>
      <label class="theme">
        <span class="unseen">Colours</span>
        <select value={theme} onChange={(event) => setTheme(event.currentTarget.value as Theme)}>
          <option value="system">System</option>
          <option value="light">Light</option>
          <option value="dark">Dark</option>
        </select>
      </label>
      {session !== null && session.user !== "" && (
        <span class="who">
          <span class="unseen">Signed in as</span> {session.user} <span class="faint">{session.role.toLowerCase()}</span>
        </span>
      )}
      {session?.session && (
        <button type="button" onClick={() => void live.signOut()}>
          Sign out
        </button>
      )}
    </header>
  );
}
