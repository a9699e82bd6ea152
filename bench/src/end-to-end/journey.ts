/** Frames from Discord at an even rate, and when each of them can be seen in a browser. */
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { OURS, Stage } from "../delivery/subject.ts";
import { GUILD_ID } from "../delivery/voice-guild.ts";
import { LOAD_CORE, MeasuredProcess } from "../suite/measured-process.ts";
import { isFollowing, isSeen, type ViewerOrder } from "./viewer-message.ts";

/** So many that nobody's turn comes twice while a change is on its way: then each change can be told from the others. */
const PEOPLE = 2_000;
const ROOMS = 20;
const START_MS_MAX = 30_000;
/** What is not seen by then was overtaken, or is far too late. */
const LAST_SEEN_WITHIN_MS = 3_000;
const LOOK_AGAIN_MS = 50;
const VIEWER = fileURLToPath(new URL("viewer.ts", import.meta.url));

export interface Journeys {
  readonly written: number;
  /** From writing a frame to the page's store having it, ms, of each frame that was seen. */
  readonly lateMs: readonly number[];
  /** Frames of the hub to the browser. */
  readonly frames: number;
  readonly workerMicrosPerEvent: number;
  readonly hubMicrosPerEvent: number;
}

/** Of a frame that is alone on its way: ms. */
export interface Hops {
  /** Worker: read, known, stored with fsync, signed, sent. */
  readonly toPost: number;
  /** Hub: verified, stored with fsync, answered. */
  readonly toAck: number;
  /** From the POST, as well, to the page's store: what is broadcast does not wait for the answer, nor it for that. */
  readonly toPage: number;
}

export class Chain implements AsyncDisposable {
  readonly #stage: Stage;
  readonly #viewer: MeasuredProcess;
  /** Frames since the chain was set: whose turn it is. */
  #written = 0;

  private constructor(stage: Stage, viewer: MeasuredProcess) {
    this.#stage = stage;
    this.#viewer = viewer;
  }

  static async set(): Promise<Chain> {
    const stage = await Stage.set(OURS, { rooms: ROOMS, people: PEOPLE });
    const viewer = MeasuredProcess.start({
      script: VIEWER,
      args: [`ws://127.0.0.1:${stage.receiverPort}/ws`, `voice/${GUILD_ID}/public`],
      core: LOAD_CORE,
    });
    await viewer.message(isFollowing, START_MS_MAX);
    return new Chain(stage, viewer);
  }

  async atRate(eventsPerS: number, forMs: number): Promise<Journeys> {
    this.#viewer.send("reset" satisfies ViewerOrder);
    const { sender, receiver } = this.#stage;
    const [workerMs, hubMs] = [sender.cpuMs(), receiver.cpuMs()];
    const written = new Map<string, number[]>();
    const startedMs = performance.now();
    const all = Math.round((eventsPerS * forMs) / 1_000);
    for (let done = 0; done < all; ) {
      const due = Math.min(all, Math.floor(((performance.now() - startedMs) * eventsPerS) / 1_000) + 1);
      for (; done < due; done += 1) this.#write(written);
      await pause(Math.max(0, startedMs + (done / eventsPerS) * 1_000 - performance.now()));
    }
    const { changes, frames } = await this.#seen(all);
    const lateMs: number[] = [];
    for (const [person, atMs] of changes) {
      const writtenAtMs = written.get(person)?.shift();
      if (writtenAtMs !== undefined) lateMs.push(atMs - writtenAtMs);
    }
    return {
      written: all,
      lateMs,
      frames,
      workerMicrosPerEvent: ((sender.cpuMs() - workerMs) / all) * 1_000,
      hubMicrosPerEvent: ((receiver.cpuMs() - hubMs) / all) * 1_000,
    };
  }

  /** So many frames, one after the other. */
  async hops(frames: number, restMs: number): Promise<readonly Hops[]> {
    const hops: Hops[] = [];
    const { link } = this.#stage;
    for (let frame = 0; frame < frames; frame += 1) {
      this.#viewer.send("reset" satisfies ViewerOrder);
      const written = new Map<string, number[]>();
      const { answers } = link;
      this.#write(written);
      const { changes } = await this.#seen(1);
      while (link.answers === answers) await link.movedWithin(LOOK_AGAIN_MS);
      const [writtenAtMs] = [...written.values()].flat();
      const seenAtMs = changes[0]?.[1];
      if (writtenAtMs === undefined || seenAtMs === undefined) throw new Error("a frame was not seen");
      hops.push({
        toPost: link.postedAtMs - writtenAtMs,
        toAck: link.ackedAtMs - link.postedAtMs,
        toPage: seenAtMs - link.postedAtMs,
      });
      await pause(restMs);
    }
    return hops;
  }

  #write(written: Map<string, number[]>): void {
    const person = String(920_000_000_000_000_000n + BigInt(this.#written % PEOPLE));
    this.#written += 1;
    const times = written.get(person) ?? [];
    written.set(person, times);
    times.push(performance.timeOrigin + performance.now());
    this.#stage.discord.speak(1);
  }

  async #seen(changes: number) {
    const all: (readonly [string, number])[] = [];
    let frames = 0;
    const untilMs = performance.now() + LAST_SEEN_WITHIN_MS;
    while (all.length < changes && performance.now() < untilMs) {
      const answer = this.#viewer.message(isSeen, START_MS_MAX);
      this.#viewer.send("tell" satisfies ViewerOrder);
      const seen = await answer;
      all.push(...seen.changes);
      frames += seen.frames;
      if (all.length < changes) await pause(LOOK_AGAIN_MS);
    }
    return { changes: all, frames };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#viewer.end();
    await this.#stage[Symbol.asyncDispose]();
  }
}
