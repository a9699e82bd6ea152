/**
 * Tries a receiver of deliveries that already runs, in whatever language, and says what it does not do yet.
 *
 *   HUB_SECRET=… node tools/try-receiver.ts http://localhost:4000/discord-events
 *
 * It tells the receiver of a server that does not exist, 900000000000000009, so try one with data of its own. Ends with 1
 * when something is missing.
 */
import { createSecretKey, randomBytes } from "node:crypto";
import { readSecrets } from "../packages/events/src/index.ts";
import { receiverChecks } from "../packages/receiver/src/testing/index.ts";

const SOURCE = "900000000000000009";
const USAGE = "HUB_SECRET=… pnpm try:receiver http://localhost:4000/discord-events";

const url = process.argv[2];
// biome-ignore lint/suspicious/noUndeclaredEnvVars: the receiver's, from the terminal; no task of turbo reads it
const secrets = readSecrets(process.env["HUB_SECRET"] ?? "");
if (url === undefined || !URL.canParse(url)) stop(`It takes the receiver's address: ${USAGE}`);
if (!secrets.ok) stop(`HUB_SECRET ${secrets.problem}. It takes the receiver's secret: ${USAGE}`);

let failed = 0;
for (const { title, run } of receiverChecks(createSecretKey(randomBytes(32)))) {
  try {
    await run({ url, keys: secrets.keys, source: SOURCE });
    say(`✓ ${title}`);
  } catch (cause) {
    failed += 1;
    say(`✗ ${title}\n    ${reasonOf(cause)}`);
  }
}
say(
  failed === 0
    ? "\nIt does what a receiver has to do."
    : `\n${failed} to mend; docs/events.md says what is wanted.`,
);
process.exitCode = failed === 0 ? 0 : 1;

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause instanceof Error ? `${cause.message}: ${cause.cause.message}` : cause.message;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function stop(problem: string): never {
  process.stderr.write(`${problem}\n`);
  process.exit(64);
}
