/**
 * The hub's entry in production: `node dist/server/main.js`. The hub proper is loaded only on a Node that has what it
 * needs: on an older one its very imports would fail with a message nobody can use.
 */
const NODE_MAJOR_MIN = 24;
/** EX_CONFIG, as in exit-code.ts of the events, which must not be loaded here. */
const EXIT_FIX_ME = 78;

if (Number.parseInt(process.versions.node, 10) < NODE_MAJOR_MIN) {
  process.stderr.write(
    `guildwire-hub: E018 Node.js too old: this is ${process.version}, version ${NODE_MAJOR_MIN} or newer is needed. ` +
      "Inside the repository `npx -y pnpm@12 start:hub` brings its own.\n",
  );
  process.exit(EXIT_FIX_ME);
}

const { runMain } = await import("../command/main-command.ts");
await runMain(process.argv.slice(2), async () => {
  const { runHubProcess } = await import("./hub-process.ts");
  await runHubProcess(import.meta.url);
});

export {};
