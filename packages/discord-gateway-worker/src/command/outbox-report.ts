/** The outbox as a person reads it: pure. */

import { duration } from "@guildwire/runtime";
import type { Replayed } from "../control/control-request.ts";
import { oldestAgeS } from "../outbox-bounds.ts";
import type { OutboxView } from "../store/outbox-view.ts";

export function outboxReport(view: OutboxView, nowMs: number): string {
  const { epoch, lastSeq, waiting, bytes, oldestTimestamp, types, countedMax, parked, parkedTotal } = view;
  const age = oldestAgeS(oldestTimestamp, nowMs);
  const lines = [
    `  epoch ${epoch}, last event ${lastSeq}`,
    waiting === 0
      ? "  nothing waits: everything is acknowledged"
      : `  ${waiting} events wait (${bytes} bytes), the oldest for ${duration(age ?? 0)}`,
    ...types.map(({ type, events }) => `    ${String(events).padStart(7)}  ${type}`),
  ];
  if (waiting > countedMax) lines.push(`    (by type: the oldest ${countedMax})`);
  if (parkedTotal === 0) return `${[...lines, "  none refused by the hub"].join("\n")}\n`;
  lines.push(
    `  ${parkedTotal} refused by the hub and kept (E021)${parkedTotal > parked.length ? `, the newest ${parked.length}:` : ":"}`,
  );
  for (const { seq, type, parkedAt, reason, tries } of parked)
    lines.push(`    ${String(seq).padStart(7)}  ${type}  ${parkedAt}  after ${tries} tries: ${reason}`);
  lines.push("  → `outbox parked --replay` puts them back in line, once the hub takes them");
  return `${lines.join("\n")}\n`;
}

export function replayReport({ parked, snapshotSeq }: Replayed, running: boolean): string {
  if (snapshotSeq === null) return "  nothing done: the server was never seen, so there is nothing to send\n";
  const when = running ? "" : "; the worker is stopped, it goes out when it starts";
  const events = parked === 0 ? "" : `${parked} refused events, and behind them `;
  return `  in line: ${events}a fresh snapshot as event ${snapshotSeq}${when}\n`;
}
