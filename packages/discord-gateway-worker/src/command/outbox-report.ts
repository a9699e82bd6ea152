/** The outbox as a person reads it: pure. */
import { type OutboxView, oldestAgeS } from "@guildwire/delivery";
import { duration } from "@guildwire/runtime";
import type { Replayed } from "../control/control-request.ts";
import type { InspectedOutbox } from "../store/outbox-view.ts";

export function outboxReport({ epoch, lastSeq, receivers }: InspectedOutbox, nowMs: number): string {
  const lines = [`  epoch ${epoch}, last event ${lastSeq}`];
  for (const view of receivers) {
    if (receivers.length > 1) lines.push(`  ${view.receiver}:`);
    lines.push(...receiverLines(view, nowMs));
  }
  return `${lines.join("\n")}\n`;
}

function receiverLines(view: OutboxView, nowMs: number): readonly string[] {
  const { receiver, stopped, waiting, bytes, oldestTimestamp, types, countedMax, parked, parkedTotal } = view;
  const age = oldestAgeS(oldestTimestamp, nowMs);
  const lines = [
    ...(stopped ? [`  stopped: ${receiver} acknowledged what was never sent (E013)`] : []),
    waiting === 0
      ? "  nothing waits: everything is acknowledged"
      : `  ${waiting} events wait (${bytes} bytes), the oldest for ${duration(age ?? 0)}`,
    ...types.map(({ type, events }) => `    ${String(events).padStart(7)}  ${type}`),
  ];
  if (waiting > countedMax) lines.push(`    (by type: the oldest ${countedMax})`);
  if (parkedTotal === 0) return [...lines, `  none refused by the ${receiver}`];
  lines.push(
    `  ${parkedTotal} refused by the ${receiver} and kept (E021)${parkedTotal > parked.length ? `, the newest ${parked.length}:` : ":"}`,
  );
  for (const { seq, type, parkedAt, reason, tries } of parked)
    lines.push(`    ${String(seq).padStart(7)}  ${type}  ${parkedAt}  after ${tries} tries: ${reason}`);
  return [...lines, `  → \`outbox parked --replay\` puts them back in line, once the ${receiver} takes them`];
}

export function replayReport({ parked, snapshotSeq }: Replayed, running: boolean): string {
  if (snapshotSeq === null) return "  nothing done: the server was never seen, so there is nothing to send\n";
  const when = running ? "" : "; the worker is stopped, it goes out when it starts";
  const events = parked === 0 ? "" : `${parked} refused events, and behind them `;
  return `  in line: ${events}a fresh snapshot as event ${snapshotSeq}${when}\n`;
}
