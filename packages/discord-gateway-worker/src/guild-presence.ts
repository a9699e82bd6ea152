/** Whether the bot is in its guild, and what has to be asked for once the guild is there. */
import type { Dispatch } from "@guildwire/discord-wire";
import type { CommandPayload } from "@guildwire/gateway";
import type { Clock } from "@guildwire/runtime";
import { type GivenUp, RequestGuard } from "./request-guard.ts";

/** READY names the guild, GUILD_CREATE brings it, normally within a second or two. */
const GUILD_WAIT_MS_MAX = 30_000;

export interface GuildPresenceOptions {
  readonly guildId: string;
  readonly clock: Clock;
  readonly send: (payload: CommandPayload) => void;
  readonly onNotInGuild: () => void;
  /** READY named the guild and it did not come. */
  readonly onMissing: () => void;
}

export class GuildPresence {
  readonly #options: GuildPresenceOptions;
  readonly #requests = new RequestGuard<"requestChannelInfo">();
  #inGuild: boolean | null = null;
  #cancelWait: (() => void) | undefined;

  constructor(options: GuildPresenceOptions) {
    this.#options = options;
  }

  /** `null` until Discord has said so. */
  get inGuild(): boolean | null {
    return this.#inGuild;
  }

  dispatched(dispatch: Dispatch): void {
    const { guildId, clock, send, onNotInGuild, onMissing } = this.#options;
    switch (dispatch.type) {
      case "READY":
        this.#inGuild = dispatch.data.guildIds.some((id) => id === guildId);
        if (!this.#inGuild) onNotInGuild();
        this.#cancelWait?.();
        this.#cancelWait = clock.after(GUILD_WAIT_MS_MAX, onMissing);
        return;
      case "GUILD_CREATE":
        if (!dispatch.data.available || dispatch.data.guild.id !== guildId) return;
        this.#inGuild = true;
        this.#cancelWait?.();
        // Status lines and start times are on no channel object: they have to be asked for.
        if (!this.#requests.maySend("requestChannelInfo")) return;
        this.#requests.sent("requestChannelInfo", clock.monotonicMs());
        send({ kind: "requestChannelInfo", guildId, fields: ["status", "voice_start_time"] });
        return;
      case "CHANNEL_INFO":
        this.#requests.answered("requestChannelInfo");
        return;
      case "GUILD_DELETE":
        if (!dispatch.data.unavailable && dispatch.data.id === guildId) this.#inGuild = false;
        return;
      default:
        return;
    }
  }

  /** The connection is lost. Returns the requests that are not sent again by this process. */
  lost(code: number | null): readonly GivenUp<"requestChannelInfo">[] {
    this.stop();
    return this.#requests.lost(code, this.#options.clock.monotonicMs());
  }

  /** A request was not sent. */
  refused(kind: string): void {
    if (kind === "requestChannelInfo") this.#requests.notSent(kind);
  }

  stop(): void {
    this.#cancelWait?.();
  }
}
