import { useEffect, useState } from "preact/hooks";
import { Connection, Connections } from "./connections";
import { Exchange, Exchanges } from "./exchanges";
import { live, useLive } from "./live";
import { ConnectionLost } from "./notices";
import { Overview } from "./overview";
import { DEFAULT_VHOST } from "./pages";
import { Queue } from "./queue";
import { Queues } from "./queues";
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

const TITLES = {
  overview: "Overview",
  registry: "Registry",
  queues: "Queues",
  exchanges: "Exchanges",
  connections: "Connections",
};

type Name = keyof typeof TITLES;

function isPage(name: string | undefined): name is Name {
  return name !== undefined && Object.hasOwn(TITLES, name);
}

export function App() {
  const { connection, overview } = useLive();
  const path = usePath();
  const page: Name = isPage(path[0]) ? path[0] : "overview";
  useEffect(() => {
    document.title = `${TITLES[page]} · ${overview?.node ?? "Mainstay"}`;
  }, [page, overview?.node]);
  return (
    <>
      <Head page={page} />
      <main id="main" tabIndex={-1}>
        <ConnectionLost live={live} />
        {connection === "signed-out" ? (
          <SignIn />
        ) : overview === null ? (
          connection === "connecting" && <p class="faint">Connecting…</p>
        ) : (
          <Content page={page} names={path.slice(1)} />
        )}
      </main>
    </>
  );
}

/** @param names of what is looked at, from the address */
function Content({ page, names }: { page: Name; names: string[] }) {
  const [first, second] = names;
  const vhost = first || DEFAULT_VHOST;
  switch (page) {
    case "overview":
      return <Overview />;
    case "registry":
      return <Registry selected={first || null} />;
    case "queues":
      return second ? <Queue key={vhost + "/" + second} vhost={vhost} name={second} /> : <Queues key={vhost} vhost={vhost} />;
    case "exchanges":
      return second ? (
        <Exchange key={vhost + "/" + second} vhost={vhost} name={second} />
      ) : (
        <Exchanges key={vhost} vhost={vhost} />
      );
    case "connections":
      return first ? <Connection key={first} id={first} /> : <Connections />;
  }
}

function Head({ page }: { page: Name }) {
  const { connection, overview, session } = useLive();
  const [theme, setTheme] = useTheme();
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
          {Object.entries(TITLES).map(([name, title]) => (
            <a key={name} href={"#/" + name} aria-current={page === name ? "page" : undefined}>
              {title}
            </a>
          ))}
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
