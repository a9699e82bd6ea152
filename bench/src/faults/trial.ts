/**
 * The process one trial runs in: `trial.ts <client> <scenario>`. Prints its outcome as one line of JSON. A process for
 * each, because a client that spins would disturb the clock of whoever shares it.
 */
import { SCENARIOS } from "./scenarios/index.ts";
import type { Outcome, Scenario } from "./scenarios/scenario.ts";
import { Stage } from "./stage.ts";

const [clientName, scenarioName] = process.argv.slice(2);
const scenario = SCENARIOS.find(({ name }) => name === scenarioName);
if (clientName === undefined || scenario === undefined) {
  throw new Error("usage: trial.ts <client> <scenario>");
}
const outcome = await tried(clientName, scenario);
// A stand-in that was closed may keep a timer for sessions that could still be resumed; nobody waits for it here.
process.stdout.write(`${JSON.stringify(outcome)}\n`, () => process.exit());

async function tried(client: string, { run }: Scenario): Promise<Outcome> {
  await using stage = await Stage.open(client);
  const { verdict, observed } = await run(stage);
  if (process.env["TRIAL_OUTPUT"] !== undefined) process.stderr.write(stage.output);
  const leak = stage.tokenLeaked && !observed.includes("token");
  return { verdict, observed: leak ? `${observed}, **token printed**` : observed };
}
