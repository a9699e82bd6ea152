/** What it costs to tell everybody, beside the usual servers; and what it costs when everybody comes back at once. */
import { benchmark } from "../suite/benchmark.ts";
import { interleaved, type Spread, spreadOf } from "../suite/samples.ts";
import { type BroadcastSample, broadcastSample } from "./broadcast-trial.ts";
import { fanOutSection } from "./fan-out-section.ts";
import { type FanOutSubject, OURS, SOCKET_IO_RECOVERY, SUBJECTS, WS_SHARED } from "./server.ts";
import { type StormSample, stormSample } from "./storm-trial.ts";

const SIZES: readonly { readonly sockets: number; readonly changes: number }[] = [
  { sockets: 1_000, changes: 80 },
  { sockets: 5_000, changes: 30 },
  { sockets: 10_000, changes: 20 },
];
const QUICK_SIZES: typeof SIZES = [{ sockets: 500, changes: 10 }];
const STORM_SOCKETS = 5_000;
const QUICK_STORM_SOCKETS = 500;
/** `ws` resumes nothing; it is the price of a handshake. */
const STORM_SUBJECTS = [OURS, SOCKET_IO_RECOVERY, WS_SHARED];

type Spreads<Sample> = { readonly [Field in keyof Sample]: Spread };

export interface Line<Sample> {
  readonly name: string;
  readonly isOurs: boolean;
  readonly spreads: Spreads<Sample> | null;
}

export interface FanOutResult {
  readonly sizes: readonly { readonly sockets: number; readonly lines: readonly Line<BroadcastSample>[] }[];
  readonly storm: { readonly sockets: number; readonly lines: readonly Line<StormSample>[] };
}

export const FAN_OUT = benchmark<FanOutResult>({
  name: "fan-out",
  about: "a change to 1,000, 5,000 and 10,000 sockets, and 5,000 that come back at once",
  async run({ quick, log, failed, picks, rounds: roundsOf }) {
    const rounds = roundsOf(quick ? 1 : 3);
    const picked = (subjects: readonly FanOutSubject[]) => subjects.filter(({ name }) => picks(name));
    const sizes: FanOutResult["sizes"][number][] = [];
    for (const { sockets, changes } of quick ? QUICK_SIZES : SIZES) {
      const lines = await interleaved(
        picked(SUBJECTS),
        rounds,
        async (subject, round) => {
          log(`${sockets} sockets, round ${round + 1}: ${subject.name}`);
          return await broadcastSample(subject, sockets, changes);
        },
        ({ name }, reason) => failed(`${sockets} sockets, ${name}: ${reason}`),
      );
      sizes.push({ sockets, lines: lines.map(lineOf) });
    }
    const stormSockets = quick ? QUICK_STORM_SOCKETS : STORM_SOCKETS;
    const storm = await interleaved(
      picked(STORM_SUBJECTS),
      rounds,
      async (subject, round) => {
        log(`${stormSockets} come back, round ${round + 1}: ${subject.name}`);
        return await stormSample(subject, stormSockets);
      },
      ({ name }, reason) => failed(`${stormSockets} come back, ${name}: ${reason}`),
    );
    return { sizes, storm: { sockets: stormSockets, lines: storm.map(lineOf) } };
  },
  section: fanOutSection,
});

function lineOf<Sample extends object>({
  subject: { name, isOurs },
  samples,
}: {
  readonly subject: FanOutSubject;
  readonly samples: readonly Sample[];
}): Line<Sample> {
  const [first] = samples;
  if (first === undefined) return { name, isOurs, spreads: null };
  const fields = Object.keys(first) as (keyof Sample)[];
  const spreads = Object.fromEntries(
    fields.map((field) => [field, spreadOf(samples.map((sample) => Number(sample[field])))]),
  );
  return { name, isOurs, spreads: spreads as Spreads<Sample> };
}
