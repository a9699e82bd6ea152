/**
 * `pnpm start`: runs the built service that GUILDWIRE_SERVICE names, the worker without it, in this process. Words behind
 * it are the service's commands: `pnpm start check`, `pnpm start status`.
 */
import { existsSync } from "node:fs";

const EXIT_FIX_ME = 78;
const DEFAULT_SERVICE = "worker";

const MAINS: Readonly<Record<string, string>> = {
  worker: "../packages/discord-gateway-worker/dist/main.js",
  hub: "../apps/hub/dist/server/main.js",
};

// biome-ignore lint/suspicious/noUndeclaredEnvVars: no task of turbo reads it
const service = process.env["GUILDWIRE_SERVICE"]?.trim() || DEFAULT_SERVICE;
const main = MAINS[service];
if (main === undefined)
  stop(`GUILDWIRE_SERVICE must be ${Object.keys(MAINS).join(" or ")}; it is ${JSON.stringify(service)}`);
const url = new URL(main, import.meta.url);
if (!existsSync(url)) stop(`the ${service} is not built: run \`pnpm build\` first`);
await import(url.href);

function stop(problem: string): never {
  process.stderr.write(`guildwire: ${problem}\n`);
  process.exit(EXIT_FIX_ME);
}
