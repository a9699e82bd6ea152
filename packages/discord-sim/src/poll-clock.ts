import type { Snowflake } from "@guildwire/discord-wire";
import type { Clock } from "./clock.ts";
import { endPoll } from "./world/chat/poll-change.ts";
import type { Dispatch } from "./world/dispatch.ts";
import type { WorldKeeper } from "./world-keeper.ts";

/** Longest time that a timer takes; a poll that runs longer is not ended by itself. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** Ends polls when their time is up. */
export class PollClock {
  readonly #clock: Clock;
  readonly #keeper: () => WorldKeeper;
  readonly #running = new Map<string, () => void>();

  constructor(clock: Clock, keeper: () => WorldKeeper) {
    this.#clock = clock;
    this.#keeper = keeper;
  }

  /** Looks for polls in what bots are told. */
  watch(dispatches: readonly Dispatch[], guildId: Snowflake | null): void {
    for (const dispatch of dispatches) {
      if (dispatch.t !== "MESSAGE_CREATE" || dispatch.d.poll === undefined || guildId === null) continue;
      const { id, channel_id, poll } = dispatch.d;
      const delayMs = Date.parse(poll.expiry ?? "") - this.#clock.nowMs();
      if (this.#running.has(id) || !(delayMs >= 0 && delayMs <= TIMER_MS_MAX)) continue;
      const where = { channelId: channel_id as Snowflake, messageId: id as Snowflake };
      const cancel = this.#clock.after(delayMs, () => {
        this.#running.delete(id);
        this.#keeper().change(guildId, (world, atMs) => endPoll(world, where, atMs));
      });
      this.#running.set(id, cancel);
    }
  }

  close(): void {
    for (const cancel of this.#running.values()) cancel();
    this.#running.clear();
  }
}
