// Writes down, in the format of sha256sum, what the page was built from (sources.sha256) and what came out
// (files.sha256). A test compares both with the files; the server reads the second to know what to serve.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

const sources = import.meta.dirname;
const page = join(sources, "../src/main/resources/console");

function list(folder, isMeant) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter(isMeant)
    .sort()
    .map((path) => `${sha256(join(folder, path))}  ${path}\n`)
    .join("");
}

function sha256(file) {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

writeFileSync(join(page, "files.sha256"), list(page, (path) => !path.endsWith(".sha256")));
writeFileSync(join(page, "sources.sha256"), list(sources, (path) => !path.startsWith("node_modules/")));
