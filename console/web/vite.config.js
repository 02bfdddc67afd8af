import { defineConfig } from "vite";

// A node to look at while working on the page: `npm run dev`, and the page's calls go there.
const node = process.env.MAINSTAY_URL ?? "http://127.0.0.1:8700";

export default defineConfig({
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../src/main/resources/console",
    emptyOutDir: true,
    target: "es2022",
    // Nothing may be written into the page as data: or inline, its content security policy forbids both.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The licences of what is bundled ask to go with it.
    license: { fileName: "licenses.md" },
  },
  server: { proxy: { "/api": node } },
});
