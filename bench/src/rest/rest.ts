/** Calls of Discord's REST API by ours and by other clients, before the simulator and its limits. */
import { fileURLToPath } from "node:url";
import { type Benchmark, benchmark, type Plan } from "../suite/benchmark.ts";
import { MeasuredProcess, SUBJECT_CORE } from "../suite/measured-process.ts";
import { interleaved, quantile, type Spread, spreadOf } from "../suite/samples.ts";
import {
  CALLERS,
  type CallerName,
  type Open,
  type Ready,
  type Task,
  type TaskDone,
} from "./caller-message.ts";
import { restSection } from "./rest-section.ts";
import { RestStand } from "./stand.ts";

interface Sample {
  readonly spreadMs: number;
  readonly spreadCpuMs: number;
  readonly spreadTooMany: number;
  /** Channels whose messages are not all there once and in order. */
  readonly spreadOutOfOrder: number;
  readonly spreadFailed: number;
  readonly burstMs: number;
  readonly burstTooMany: number;
  readonly probeP50Ms: number;
  readonly probeMostMs: number;
  /** Until the message after the one without an answer was through. */
  readonly silenceMs: number;
  /** Of the message without an answer, more than one. */
  readonly silenceDoubled: number;
}

export type RestFigure = keyof Sample;

export interface RestLine {
  readonly caller: CallerName;
  /** `null`: it failed in every round. */
  readonly spreads: Readonly<Record<RestFigure, Spread>> | null;
}

export interface RestResult {
  readonly channels: number;
  readonly messages: number;
  readonly burstCalls: number;
  readonly lines: readonly RestLine[];
}

const ROUNDS = { full: 3, quick: 1 };
const SIZES = {
  full: { channels: 50, messages: 2_000, burstCalls: 300 },
  quick: { channels: 10, messages: 100, burstCalls: 120 },
};
const PROBE_EVERY_MS = 230;
const TASK_MS_MAX = 240_000;
/** Discord's windows of an earlier task are over. */
const PAUSE_MS = 5_500;

const rest: Benchmark<RestResult> = {
  name: "rest",
  about: "calls of the REST API: many channels, a burst on one route, an answer that never comes",
  run: runRest,
  section: restSection,
};
export const REST = benchmark(rest);

async function runRest(plan: Plan): Promise<RestResult> {
  const size = plan.quick ? SIZES.quick : SIZES.full;
  const rounds = plan.rounds(plan.quick ? ROUNDS.quick : ROUNDS.full);
  const measured = await interleaved(
    CALLERS.filter(plan.picks),
    rounds,
    async (caller) => {
      const sample = await sampleOf(caller, size);
      plan.log(`${caller}: ${JSON.stringify(sample)}`);
      return sample;
    },
    (caller, reason) => plan.failed(`${caller}: ${reason}`),
  );
  const lines = measured.map(({ subject, samples }) => ({ caller: subject, spreads: spreadsOf(samples) }));
  return { ...size, lines };
}

function spreadsOf(samples: readonly Sample[]): RestLine["spreads"] {
  const [first] = samples;
  if (first === undefined) return null;
  const figures = Object.keys(first) as RestFigure[];
  return Object.fromEntries(
    figures.map((figure) => [figure, spreadOf(samples.map((sample) => sample[figure]))]),
  ) as Record<RestFigure, Spread>;
}

async function sampleOf(caller: CallerName, size: (typeof SIZES)["full"]): Promise<Sample> {
  await using stand = await RestStand.start();
  const channelIds = await stand.channels(size.channels + 2);
  const [quiet = "", probed = "", ...spread] = channelIds;
  const userId = await stand.aMember();
  const process = MeasuredProcess.start({
    script: fileURLToPath(new URL("caller-process.ts", import.meta.url)),
    core: SUBJECT_CORE,
  });
  try {
    const ready = process.message((message): message is Ready => typeOf(message) === "ready", 20_000);
    process.send({ type: "open", caller, apiUrl: stand.apiUrl, token: stand.sim.token } satisfies Open);
    await ready;
    const run = async (task: Task): Promise<TaskDone> => {
      const done = process.message((message): message is TaskDone => typeOf(message) === "done", TASK_MS_MAX);
      process.send(task);
      const result = await done;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      return result;
    };

    const cpuBeforeMs = process.cpuMs();
    const spreadDone = await run({ type: "spread", channelIds: spread, messages: size.messages });
    const spreadCpuMs = process.cpuMs() - cpuBeforeMs;
    const spreadTooMany = stand.tooMany;
    let spreadOutOfOrder = 0;
    for (const [at, channelId] of spread.entries()) {
      const wanted = Array.from(
        { length: size.messages / spread.length },
        (_, turn) => turn * spread.length + at,
      );
      if ((await stand.numbers(channelId)).join() !== wanted.join()) spreadOutOfOrder += 1;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));

    const beforeBurst = stand.tooMany;
    const burst = await run({
      type: "burst",
      guildId: stand.sim.guildId,
      userId,
      channelId: probed,
      calls: size.burstCalls,
      probeEveryMs: PROBE_EVERY_MS,
    });
    const burstTooMany = stand.tooMany - beforeBurst;

    stand.holdFirstAnswer(quiet);
    const silence = await run({ type: "silence", channelId: quiet, messages: 4 });
    const lost = (await stand.numbers(quiet)).filter((number) => number === 0);
    return {
      spreadMs: spreadDone.tookMs,
      spreadCpuMs,
      spreadTooMany,
      spreadOutOfOrder,
      spreadFailed: spreadDone.failed,
      burstMs: burst.tookMs,
      burstTooMany,
      probeP50Ms: quantile(burst.timesMs, 0.5),
      probeMostMs: Math.max(...burst.timesMs),
      silenceMs: Math.min(...silence.timesMs),
      silenceDoubled: Math.max(0, lost.length - 1),
    };
  } finally {
    await process.end();
  }
}

function typeOf(message: unknown): unknown {
  return (message as { readonly type?: unknown } | null)?.type;
}
