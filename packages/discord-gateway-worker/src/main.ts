/**
 * The entry. The worker proper is loaded only on a Node that has what it needs: on an older one its very imports
 * would fail with a message nobody can use.
 */
import { setFlagsFromString } from "node:v8";

const NODE_MAJOR_MIN = 24;
/** EX_CONFIG, as in exit-code.ts of the events, which must not be loaded here. */
const EXIT_FIX_ME = 78;

if (Number.parseInt(process.versions.node, 10) < NODE_MAJOR_MIN) {
  process.stderr.write(
    `guildwire-worker: E018 Node.js too old: this is ${process.version}, version ${NODE_MAJOR_MIN} or newer is needed. ` +
      "Inside the repository `npx -y pnpm@12 start:worker` brings its own.\n",
  );
  process.exit(EXIT_FIX_ME);
}

for (const flag of [
  // What lives a moment, a frame and what is read of it, is collected after every megabyte, and not after up to 32: what
  // survives is next to nothing, so it costs no time, and the process stays at half the memory.
  "--semi-space-growth-factor=1",
  // undici reads answers with WebAssembly. A few of them a second are not worth the compiler that would make it faster,
  // which takes 8 MB at the first answer, and 13 while it works.
  "--no-wasm-dynamic-tiering",
  "--no-wasm-tier-up",
]) {
  setFlagsFromString(flag);
}

const { runMain } = await import("./command/main-command.ts");
await runMain(process.argv.slice(2));
