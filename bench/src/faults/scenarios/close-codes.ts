/** Discord closes with one of its codes each time the client is live: whatever it means, it may not become a loop. */
import { pause, type Stage } from "../stage.ts";
import { isClaim, isExit, isLive } from "../timeline.ts";
import { crashSince, dialsSince, exitText, judged, type Outcome, type Scenario } from "./scenario.ts";

const FLAP_MS = 20_000;
const FLAP_CONNECTIONS_MAX = 6;
const FATAL_WATCHED_MS = 10_000;

/** Codes after which a client must stay away. */
const FATAL = [4004, 4010, 4011, 4012, 4013, 4014] as const;
const RECOVERABLE = [1000, 1001, 4000, 4001, 4002, 4003, 4005, 4007, 4008, 4009] as const;

/** Closes at once, and again after every READY and RESUMED. */
async function closeWheneverLive(stage: Stage, code: number): Promise<number> {
  const fromMs = await stage.live();
  const close = (): void => stage.sim.act({ type: "close", code });
  stage.timeline.onMoment((moment) => {
    if (isLive(moment)) setImmediate(close);
  });
  close();
  return fromMs;
}

async function stopsAt(stage: Stage, code: number): Promise<Outcome> {
  const fromMs = await closeWheneverLive(stage, code);
  await pause(FATAL_WATCHED_MS);
  const dials = dialsSince(stage, fromMs);
  const stops = dials > 0 ? `**${dials} dials in 10 s**` : (crashSince(stage, fromMs) ?? "") || "stays away";
  return withLeak(stage, dials === 0, stops);
}

async function recoversFrom(stage: Stage, code: number): Promise<Outcome> {
  const fromMs = await closeWheneverLive(stage, code);
  await pause(FLAP_MS);
  const exit = stage.timeline.since(fromMs, isExit)[0];
  const claim = stage.timeline.since(fromMs, isClaim)[0];
  const dials = dialsSince(stage, fromMs);
  const first =
    claim === undefined ? "nothing" : claim.op === 6 ? `R${claim.seq === 0 ? " (seq 0)" : ""}` : "I";
  const end = exit === undefined ? "" : `, ${exitText(exit.code)}`;
  const passed =
    dials <= FLAP_CONNECTIONS_MAX && claim !== undefined && (exit === undefined || exit.code === 0);
  return withLeak(stage, passed, `${first}, ${dials} connections${end}`);
}

function withLeak(stage: Stage, passed: boolean, observed: string): Outcome {
  return judged(
    passed && !stage.tokenLeaked,
    stage.tokenLeaked ? `${observed}, **token printed**` : observed,
  );
}

const BOUND_MS = 60_000;

export const CLOSE_CODES: readonly Scenario[] = [
  ...RECOVERABLE.map(
    (code): Scenario => ({
      name: `close-${code}`,
      title:
        code === 4000 ? "close 4000 whenever live (flapping after READY)" : `close ${code} whenever live`,
      wanted: "comes back (R = RESUME, I = IDENTIFY first), at most 6 connections in 20 s, no token printed",
      boundMs: BOUND_MS,
      slow: code !== 4000 && code !== 4009,
      run: (stage) => recoversFrom(stage, code),
    }),
  ),
  ...FATAL.map(
    (code): Scenario => ({
      name: `close-${code}`,
      title: `close ${code}`,
      wanted: "stays away, no token printed",
      boundMs: BOUND_MS,
      slow: code !== 4004,
      run: (stage) => stopsAt(stage, code),
    }),
  ),
];
