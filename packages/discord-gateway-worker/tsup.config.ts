import { defineConfig } from "tsup";

export default defineConfig({
  entry: { main: "src/main.ts", "watchdog-thread": "../runtime/src/loop/watchdog-thread.ts" },
  format: "esm",
  target: "node24",
  platform: "node",
  // The workspace's own packages go into the bundle, and zod, of which most is then left out: 4 MB of memory. The other
  // runtime dependencies stay outside.
  noExternal: [/^@guildwire\//, "zod"],
  // tsup would turn `node:sqlite` into `sqlite`, which does not exist.
  removeNodeProtocol: false,
  splitting: true,
  sourcemap: true,
  clean: true,
});
