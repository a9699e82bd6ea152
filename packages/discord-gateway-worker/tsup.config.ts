import { defineConfig } from "tsup";

export default defineConfig({
  entry: { main: "src/main.ts", "watchdog-thread": "../service/src/loop/watchdog-thread.ts" },
  format: "esm",
  target: "node24",
  platform: "node",
  // The workspace's own packages go into the bundle; the four runtime dependencies stay outside.
  noExternal: [/^@guildwire\//],
  external: ["pino-pretty"],
  // tsup would turn `node:sqlite` into `sqlite`, which does not exist.
  removeNodeProtocol: false,
  splitting: true,
  sourcemap: true,
  clean: true,
});
