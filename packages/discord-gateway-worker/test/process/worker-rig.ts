/** The worker between a simulated Discord and a verifying receiver. */
import { createDiscordSim, type DiscordSim } from "@guildwire/discord-sim";
import { expect, onTestFinished } from "vitest";
import { temporaryDirectory } from "../temporary-directory.ts";
import { EventReceiver, type ReceivedEvent } from "./event-receiver.ts";
import { WorkerUnderTest } from "./worker-under-test.ts";

type SimOptions = NonNullable<Parameters<typeof createDiscordSim>[0]>;

export async function setUp(options: SimOptions = {}) {
  const sim = await createDiscordSim({
    rate: 0,
    people: 20,
    rooms: 4,
    heartbeatIntervalMs: 2_000,
    ...options,
  });
  const receiver = await EventReceiver.start();
  const dataDir = temporaryDirectory();
  onTestFinished(async () => {
    await sim[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
  });
  const env = {
    DISCORD_API_URL: sim.apiUrl,
    DISCORD_BOT_TOKEN: sim.token,
    PRIMARY_GUILD_ID: sim.guildId,
    HUB_ENDPOINT: receiver.url,
    HUB_SECRET: receiver.secret,
    DATA_DIR: dataDir,
    PORT: "0",
    LOG_LEVEL: "debug",
  };
  const startWorker = (overrides: Readonly<Record<string, string>> = {}) => {
    const worker = new WorkerUnderTest({ ...env, ...overrides });
    onTestFinished(() => worker[Symbol.asyncDispose]());
    return worker;
  };
  /** A command with the same environment; resolves with what it printed. */
  const runCommand = async (words: readonly string[], overrides: Readonly<Record<string, string>> = {}) => {
    const command = new WorkerUnderTest({ ...env, ...overrides }, words);
    const { code } = await command.exit;
    return { code, output: command.output };
  };
  return { sim, receiver, dataDir, env, startWorker, runCommand };
}

/** Someone in voice, and a room they are not in. */
export function aMove(sim: DiscordSim) {
  const { rooms } = sim.world();
  const from = rooms.find((room) => room.people.length > 0);
  const to = rooms.find((room) => room !== from && room.kind === "voice");
  const userId = from?.people[0]?.id;
  if (from === undefined || to === undefined || userId === undefined)
    return expect.unreachable("nobody can move");
  return { userId, from: from.id, to: to.id };
}

export function voiceEvents(receiver: EventReceiver): readonly ReceivedEvent[] {
  return receiver.events.filter(({ type }) => type.startsWith("voice."));
}

export function expectNoHoleAndNoDouble(receiver: EventReceiver): void {
  const seqs = receiver.events.map(({ seq }) => seq);
  expect(seqs).toEqual(seqs.map((_, index) => (seqs[0] ?? 0) + index));
}
