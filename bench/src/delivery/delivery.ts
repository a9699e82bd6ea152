/** Events through store, POST and commit: how many, at what cost, at what distance, how late. */
import { benchmark } from "../suite/benchmark.ts";
import { figure } from "../suite/report.ts";
import { interleaved, quantile, quotient, type Spread, spreadOf } from "../suite/samples.ts";
import type { Section, Table } from "../suite/section.ts";
import { latencies, type Throughput, throughput } from "./flow.ts";
import { ORDINARY, Stage, SUBJECTS, type Subject } from "./subject.ts";

const ROUND_TRIPS_MS = [0, 20, 200] as const;
const REST_MS = 15;

interface Distance {
  readonly roundTripMs: number;
  readonly lines: readonly DeliveryLine[];
}

interface DeliveryLine {
  readonly name: string;
  readonly mode: Subject["mode"];
  readonly eventsPerS: Spread | null;
  readonly senderMicrosPerEvent: Spread | null;
  readonly receiverMicrosPerEvent: Spread | null;
  readonly eventsPerPost: Spread | null;
  /** Of all rounds together; taken next door only, at some 60 events a second. */
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly count: number } | null;
}

export interface DeliveryResult {
  readonly distances: readonly Distance[];
}

interface Sample extends Throughput {
  readonly latencies: readonly number[];
}

export const DELIVERY = benchmark<DeliveryResult>({
  name: "delivery",
  about: "worker store, POST and hub commit, beside the usual ways",
  async run({ quick, picks, rounds, log, failed }) {
    const distances: Distance[] = [];
    for (const roundTripMs of quick ? ROUND_TRIPS_MS.slice(0, 2) : ROUND_TRIPS_MS) {
      const subjects = SUBJECTS.filter(({ name }) => picks(name));
      const lines = await interleaved(
        subjects,
        rounds(quick ? 1 : 3),
        async (subject, round) => {
          log(`${roundTripMs} ms away, round ${round + 1}: ${subject.name}`);
          return await sampleOf(subject, roundTripMs, quick);
        },
        ({ name }, reason) => failed(`${roundTripMs} ms away, ${name}: ${reason}`),
      );
      distances.push({ roundTripMs, lines: lines.map(lineOf) });
    }
    return { distances };
  },
  section,
});

async function sampleOf(subject: Subject, roundTripMs: number, quick: boolean): Promise<Sample> {
  await using stage = await Stage.set(subject, { ...ORDINARY, roundTripMs });
  const late = roundTripMs === 0 ? await latencies(stage, quick ? 40 : 300, REST_MS) : [];
  const flow = await throughput(stage, quick ? 500 : 2_000, quick ? 1_000 : 6_000);
  return { ...flow, latencies: late };
}

function lineOf({
  subject,
  samples,
}: {
  readonly subject: Subject;
  readonly samples: readonly Sample[];
}): DeliveryLine {
  const spread = (field: keyof Throughput): Spread | null =>
    samples.length === 0 ? null : spreadOf(samples.map((sample) => sample[field]));
  const late = samples.flatMap((sample) => sample.latencies);
  return {
    name: subject.name,
    mode: subject.mode,
    eventsPerS: spread("eventsPerS"),
    senderMicrosPerEvent: spread("senderMicrosPerEvent"),
    receiverMicrosPerEvent: spread("receiverMicrosPerEvent"),
    eventsPerPost: spread("eventsPerPost"),
    latencyMs:
      late.length === 0 ? null : { p50: quantile(late, 0.5), p99: quantile(late, 0.99), count: late.length },
  };
}

function section({ distances }: DeliveryResult): Section {
  const near = distances[0]?.lines ?? [];
  const ours = near.find(({ mode }) => mode === "ours");
  const outbox = near.find(({ mode }) => mode === "outbox");
  return {
    title: "Outbox and delivery",
    how:
      "The built worker follows a server with 200 people in 20 rooms, whose voice frames come uncompressed and as fast as " +
      "they are taken; the built hub commits what it is sent. Both stores are SQLite with `synchronous=FULL`: each " +
      "acknowledged event is on two disks. Between them is a relay on loopback that holds every piece back for half the " +
      "round trip and reads the acknowledgements. The others read the same frames with a bare `ws` client, sign and POST " +
      "each one to a receiver of `node:http` that verifies it and inserts it, `FULL` too, and keeps no rooms. CPU is of " +
      "whole processes, from outside. Latency is from writing a frame to reading that it is committed, at rest, one frame " +
      `every ${REST_MS} ms.`,
    tables: distances.map(tableOf),
    wanted: [
      {
        what: "sender's CPU per event, against an outbox without group commit",
        measured: quotient(ours?.senderMicrosPerEvent?.median, outbox?.senderMicrosPerEvent?.median),
        atMost: 0.5,
      },
      {
        what: "time per event, against an outbox without group commit",
        measured: quotient(outbox?.eventsPerS?.median, ours?.eventsPerS?.median),
        atMost: 0.2,
      },
    ],
    remarks: [
      "One request is under way at a time, so that a receiver gets one order and nothing twice; it holds all that waits, up " +
        "to 256 events. So a far hub takes at most 256 events in a round trip and the time of one commit: some 1,200 a " +
        "second at 200 ms. A sender of single events takes one in that time. Next door a disk that is slow to sync is the " +
        "bound: one fsync for each turn of the worker's event loop that brought frames, and one for each commit of the hub; " +
        "acknowledgements are stored without one. At rest that is two fsyncs one after the other, and most of the latency; " +
        "senders that keep nothing spare themselves the first.",
    ],
  };
}

function tableOf({ roundTripMs, lines }: Distance): Table {
  const hasLatency = lines.some(({ latencyMs }) => latencyMs !== null);
  return {
    caption: roundTripMs === 0 ? "Receiver next door" : `Receiver ${roundTripMs} ms away, there and back`,
    head: [
      "sender",
      "events/s",
      "sender's CPU per event, µs",
      "receiver's CPU per event, µs",
      "events per POST",
      ...(hasLatency ? ["latency p50 / p99, ms"] : []),
    ],
    rows: lines.map((line) => [
      line.mode === "ours" ? `**${line.name}**` : line.name,
      spreadText(line.eventsPerS),
      spreadText(line.senderMicrosPerEvent),
      spreadText(line.receiverMicrosPerEvent),
      line.eventsPerPost === null ? "–" : figure(line.eventsPerPost.median),
      ...(hasLatency ? [latencyText(line)] : []),
    ]),
  };
}

function spreadText(spread: Spread | null): string {
  if (spread === null) return "failed";
  return `${figure(spread.median)} (${figure(spread.min)}–${figure(spread.max)})`;
}

function latencyText({ latencyMs }: DeliveryLine): string {
  return latencyMs === null ? "–" : `${figure(latencyMs.p50)} / ${figure(latencyMs.p99)}`;
}
