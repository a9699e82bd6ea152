/** `pnpm demo`: a lively voice server in the browser, with nothing but this repository. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { styleText } from "node:util";
import { choosePorts } from "./port.ts";
import { demoStack } from "./stack.ts";
import { onEnd, Supervisor } from "./supervisor.ts";
import { reportNews, say } from "./terminal.ts";
import { readFlags, WORLD_USAGE } from "./world-flags.ts";

const USAGE = `pnpm demo [options]

Plays a Discord voice server and shows it live in the browser.

${WORLD_USAGE}
  --verbose    show what the three processes log`;

async function main(): Promise<void> {
  const outcome = readFlags(process.argv.slice(2));
  if (!outcome.ok) {
    process.stderr.write(`demo: ${outcome.problem}\n\n${USAGE}\n`);
    process.exitCode = 78;
    return;
  }
  if (outcome.flags.help) {
    say(USAGE);
    return;
  }
  const { world, verbose } = outcome.flags;
  const ports = await choosePorts(say);
  const dataDir = mkdtempSync(join(tmpdir(), "guildwire-demo-"));
  const stack = demoStack({ ports, world, dataDir });
  const supervisor = new Supervisor([stack.worker, stack.sim, stack.hub], (name, news) => {
    reportNews(name, news, verbose ? "all" : "news");
  });

  onEnd((why) => {
    say(`\n${why}: stopping`);
    void supervisor.stop().then(() => {
      rmSync(dataDir, { recursive: true, force: true });
      say("stopped");
      process.exit(0);
    });
  });

  supervisor.start();
  await supervisor.ready();
  say(`\n  Live voice rooms:  ${styleText("bold", `http://localhost:${ports.hub}`)}\n`);
  say("  Ctrl-C ends it. Kill one of the processes and watch the page recover.\n");
}

await main();
