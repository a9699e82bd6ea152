/** The section of RESULTS.md on fan-out: pure. */
import { figure } from "../suite/report.ts";
import { quotient, type Spread } from "../suite/samples.ts";
import type { Section, Table, Wanted } from "../suite/section.ts";
import type { BroadcastSample } from "./broadcast-trial.ts";
import type { FanOutResult, Line } from "./fan-out.ts";
import { type FanOutSubject, OURS, SOCKET_IO, WS_SHARED } from "./server.ts";
import type { StormSample } from "./storm-trial.ts";

const DELIVERY_AT_MOST = 0.6;
const CHANGE_OF_TEN_AT_MOST = 0.1;
const STALL_MS_AT_MOST = 5;

export function fanOutSection({ sizes, storm }: FanOutResult): Section {
  return {
    title: "Fan-out",
    how:
      "One server process on a core of its own tells every socket that somebody muted: the same 360 bytes of JSON from " +
      "each. Ours is the built hub, which is handed each change as a signed delivery, verifies it and commits it with " +
      "`synchronous=FULL` before anybody hears of it; the columns _of that, intake_ are what that part costs while nobody " +
      "listens. The others are handed the change by Node's IPC. The listeners are raw sockets on the other core that " +
      "count frames by their lengths. A change is told when the one before has reached everybody and the hub's window " +
      "(50 ms; 100 ms from 5,000 sockets on) is over, so none shares a frame with another: our hub sends the first " +
      "change after a quiet window at once. _Ten in a window_ is ten changes evenly over such a window, all the time, for " +
      "ours; for the others ten at once. The stall is the longest that a timer of 1 ms had to wait for its turn, in " +
      "a run of its own: by the clock, with the disk and whatever else the machine does, and by the CPU time of one turn. " +
      "A delivery is late by the time from the change's own stamp, in whole ms, to its being read, of every 20th socket.",
    tables: [
      ...sizes.map(({ sockets, lines }) => broadcastTable(sockets, lines)),
      stormTable(storm.sockets, storm.lines),
    ],
    wanted: sizes.flatMap(({ sockets, lines }) => wantedOf(sockets, lines)),
    remarks: [
      "A delivery is one write of one piece, made once for all. Profiled with 5,000 sockets, three fifths of its CPU time " +
        "are the kernel's: that part is every server's here, and bounds the ratio. Most of the rest is Node's stream. " +
        `${bareLoopText(sizes)} With 1,000 sockets the commit of a single change weighs as much as a few hundred ` +
        "deliveries do, which is why the ratios are of what comes after it; the whole is in the tables.",
      "A turn of our hub is a commit, or a slice of a broadcast, which ends after 2 ms; pings go a hundred at a time, and so " +
        "do their answers. By the clock it stands still for the disk as well, as `node:sqlite` waits for its fsync on the " +
        "event loop.",
      "In the storm all sockets are cut without a goodbye, miss five changes, and come back with the position they had; " +
        "each is live when it has what it missed. Our hub takes 500 handshakes a second and no more, so that a storm costs " +
        "a small part of the core and those who are connected notice nothing: how long it takes is that bound, and " +
        "handshakes that were turned away with 503 are in the CPU time.",
    ],
  };
}

function broadcastTable(sockets: number, lines: readonly Line<BroadcastSample>[]): Table {
  return {
    caption: `${figure(sockets)} sockets`,
    head: [
      "server",
      "CPU per delivery, µs",
      "of that, intake, µs",
      "CPU per change and socket, ten in a window, µs",
      "of that, intake, µs",
      "frames for a change of ten",
      "stall by the clock / by CPU, ms",
      "late p50 / p99, ms",
      "memory per socket, KB",
    ],
    rows: lines.map(({ name, isOurs, spreads }) =>
      spreads === null
        ? [name, "failed", ...Array.from({ length: 7 }, () => "")]
        : [
            isOurs ? `**${name}**` : name,
            spreadText(spreads.microsPerDelivery),
            figure(spreads.intakeMicrosPerDelivery.median),
            spreadText(spreads.microsPerChangeOfTen),
            figure(spreads.intakeMicrosPerChangeOfTen.median),
            figure(spreads.framesPerChangeOfTen.median),
            `${figure(spreads.stallMs.median)} / ${figure(spreads.stallCpuMs.median)}`,
            `${figure(spreads.p50LateMs.median)} / ${figure(spreads.p99LateMs.median)}`,
            figure(spreads.kilobytesPerSocket.median),
          ],
    ),
  };
}

function stormTable(sockets: number, lines: readonly Line<StormSample>[]): Table {
  return {
    caption: `${figure(sockets)} sockets come back at once`,
    head: ["server", "CPU per reconnect, µs", "until all are live, ms", "turned away meanwhile"],
    rows: lines.map(({ name, isOurs, spreads }) =>
      spreads === null
        ? [name, "failed", "", ""]
        : [
            isOurs ? `**${name}**` : name,
            spreadText(spreads.microsPerReconnect),
            spreadText(spreads.allLiveMs),
            figure(spreads.refused.median),
          ],
    ),
  };
}

function wantedOf(sockets: number, lines: readonly Line<BroadcastSample>[]): readonly Wanted[] {
  const ours = spreadsOf(lines, OURS);
  const theirs = spreadsOf(lines, SOCKET_IO);
  const to = `${figure(sockets)} sockets`;
  return [
    {
      what: `CPU per delivery to ${to}, without what comes before it, against Socket.IO`,
      measured: quotient(ours && alone(ours), theirs && alone(theirs)),
      atMost: DELIVERY_AT_MOST,
    },
    {
      what: `CPU per change and socket, ten in a window, ${to}, likewise, against Socket.IO's delivery`,
      measured: quotient(ours && together(ours), theirs && alone(theirs)),
      atMost: CHANGE_OF_TEN_AT_MOST,
    },
    {
      what: `the hub's longest turn, CPU time, ${to}`,
      measured: ours?.stallCpuMs.median,
      atMost: STALL_MS_AT_MOST,
      unit: "ms",
    },
  ];
}

function spreadsOf(lines: readonly Line<BroadcastSample>[], { name }: FanOutSubject): Broadcast | undefined {
  return lines.find((line) => line.name === name)?.spreads ?? undefined;
}

type Broadcast = NonNullable<Line<BroadcastSample>["spreads"]>;

/** What a delivery costs beyond the change's coming in, which is a commit with fsync for us and a message for the others. */
function alone({ microsPerDelivery, intakeMicrosPerDelivery }: Broadcast): number {
  return microsPerDelivery.median - intakeMicrosPerDelivery.median;
}

function together({ microsPerChangeOfTen, intakeMicrosPerChangeOfTen }: Broadcast): number {
  return microsPerChangeOfTen.median - intakeMicrosPerChangeOfTen.median;
}

/** What is left of Socket.IO's cost when a server does nothing but write. */
function bareLoopText(sizes: FanOutResult["sizes"]): string {
  const ratios = sizes.flatMap(({ lines }) => {
    const bare = spreadsOf(lines, WS_SHARED);
    const theirs = spreadsOf(lines, SOCKET_IO);
    return bare && theirs ? [figure(alone(bare) / alone(theirs))] : [];
  });
  return ratios.length === 0
    ? ""
    : `A bare loop over \`ws\`, which keeps no topics and no order, takes ${ratios.join(", ")} of Socket.IO's by the same count.`;
}

function spreadText({ median, min, max }: Spread): string {
  return `${figure(median)} (${figure(min)}–${figure(max)})`;
}
