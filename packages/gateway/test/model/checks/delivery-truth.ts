/** What reaches the consumer, held against what the simulator said. */
import { type Check, type Observation, Violation } from "../observation.ts";

/** I7: a process hands each sequence of a session over once, and in order. */
export function handedOverOnce(): Check {
  const last = new Map<string, number>();
  return {
    see(observation) {
      if (observation.type !== "handed") return;
      const key = `${observation.life}/${observation.session}`;
      const before = last.get(key) ?? 0;
      if (observation.seq <= before) {
        throw new Violation("each sequence is handed over once", `${observation.seq} after ${before}`);
      }
      last.set(key, observation.seq);
    },
  };
}

/** What opens a session or answers a request is said to one session only. */
const ASIDE = new Set(["READY", "RESUMED", "CHANNEL_INFO", "GUILD_MEMBERS_CHUNK", "RATE_LIMITED"]);

export interface Completeness extends Check {
  /** Throws unless the session has been told everything up to now. */
  assertComplete(session: string): void;
  isComplete(session: string): boolean;
}

/**
 * Within a session nothing is left out, doubled or moved, across lost connections, crashes and restarts: what is stored
 * is, dispatch by dispatch, what was said since the session was opened. With `lossy` the server itself swallows some,
 * which then must have been announced as gaps.
 */
export function everythingIsStored(lossy: () => boolean): Completeness {
  const said: { readonly name: string; readonly body: string }[] = [];
  const sessions = new Map<string, { next: number; lastSeq: number; opening: boolean; skipped: number }>();
  let announced = 0;

  function commit(committed: Extract<Observation, { type: "committed" }>): void {
    const { session: id, seq, name, body } = committed;
    const session = sessions.get(id);
    if (session === undefined) throw new Violation("a session was opened before it is stored", name);
    if (seq <= session.lastSeq) {
      throw new Violation("each sequence is stored once, in order", `${seq} after ${session.lastSeq}`);
    }
    session.lastSeq = seq;
    if (ASIDE.has(name)) return;
    if (session.opening) {
      session.opening = false;
      if (name === "GUILD_CREATE" || name === "GUILD_DELETE") return;
    }
    const place = lossy() ? placeOf(session.next, name, body) : session.next;
    if (!matches(place, name, body)) {
      const expected = said[session.next];
      throw new Violation(
        "what is stored is what was said",
        `${name} #${seq} in place of ${expected?.name ?? "nothing"}: ${body.slice(0, 200)}`,
      );
    }
    session.skipped += place - session.next;
    if (session.skipped > announced) throw new Violation("what is missing was announced", `${name} #${seq}`);
    session.next = place + 1;
  }

  function matches(place: number, name: string, body: string): boolean {
    const expected = said[place];
    // A GUILD_CREATE is trimmed to what the session may see.
    return expected?.name === name && (name === "GUILD_CREATE" || expected.body === body);
  }

  function placeOf(from: number, name: string, body: string): number {
    for (let place = from; place < said.length; place += 1) if (matches(place, name, body)) return place;
    return from;
  }

  return {
    see(observation) {
      if (observation.type === "said") said.push(observation);
      if (observation.type === "opened") {
        sessions.set(observation.session, { next: said.length, lastSeq: 0, opening: true, skipped: 0 });
      }
      if (observation.type === "event" && observation.event.type === "sequenceGap") {
        announced += observation.event.to - observation.event.from - 1;
      }
      if (observation.type === "committed") commit(observation);
    },
    isComplete: (session) => sessions.get(session)?.next === said.length,
    assertComplete(session) {
      const next = sessions.get(session)?.next ?? 0;
      if (next === said.length) return;
      throw new Violation("a live session has been told everything", `${next} of ${said.length}`);
    },
  };
}
