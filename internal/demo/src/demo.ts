/** `pnpm demo`: a lively voice server in the browser, with nothing but this repository. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { styleText } from "node:util";
import { choosePorts } from "./port.ts";
import { demoStack } from "./stack.ts";
import { onEnd, STOP_WITHIN_MS, Supervisor } from "./supervisor.ts";
import { label, type Narration, newsReporter, say } from "./terminal.ts";
import { readFlags, WORLD_USAGE } from "./world-flags.ts";

const USAGE = `pnpm demo [options]

Plays a Discord voice server and shows it live in the browser.

${WORLD_USAGE}
  --verbose    show what the three processes log`;

/** Long enough to see on the page what a death looks like. */
const RESTART_AFTER_MS = 5_000;

const ROLES: Readonly<Record<string, string>> = {
  worker: "follows Discord and delivers events",
  sim: "plays Discord",
  hub: "serves the page",
};

const NARRATION: Readonly<Record<string, Narration>> = {
  worker: {
    gone: "the page keeps its rooms and says how old they are; Discord keeps what happens meanwhile",
    back: "it resumed its session, and the page is true again without a person missed",
  },
  sim: {
    gone: "the page keeps its rooms and says that the connection to Discord is away",
    back: "the worker connects again, and the page is compared with how things are now",
  },
  hub: {
    gone: "the page says that it is reconnecting; the worker keeps its events and tries again",
    back: "the page continues where it was, and the worker delivers what waited",
  },
};

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
  const specs = [stack.worker, stack.sim, stack.hub].map((spec) => ({
    ...spec,
    restartAfterMs: RESTART_AFTER_MS,
  }));
  const verbosity = verbose ? "all" : "news";
  const supervisor = new Supervisor(specs, newsReporter({ verbosity, narration: NARRATION }));

  onEnd((why) => {
    say(`\n${why}: stopping`);
    void supervisor.stop(STOP_WITHIN_MS).then(() => {
      rmSync(dataDir, { recursive: true, force: true });
      say("stopped");
      process.exit(0);
    });
  });

  supervisor.start();
  await supervisor.ready();
  say(`\n  Live voice rooms:  ${styleText("bold", `http://localhost:${ports.hub}`)}\n`);
  say("  Kill one of the processes and watch the page; each is back after five seconds.");
  for (const { name } of specs) {
    const { pid } = supervisor.process(name);
    say(`    kill -9 ${String(pid).padEnd(8)} ${label(name)} ${ROLES[name] ?? ""}`);
  }
  say("\n  Ctrl-C ends it.\n");
}

await main();
