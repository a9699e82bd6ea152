/**
 * How fresh receivers may take their picture to be, reported as `source.status`. A connection that is back within the
 * grace is no event: short resumes stay invisible. Delivery repeats the status, so silence means that the worker is gone.
 */
import type { EventData, Happening, SourceStatus } from "@guildwire/events";
import type { Clock } from "@guildwire/runtime";

export const RESYNC_GRACE_MS = 3_000;
/** Heartbeats are acknowledged within a fraction of a second. */
export const SILENT_AFTER_MS = 3_000;

/** What `GatewayClient` knows of its connection. */
export interface Link {
  readonly receivedAgoMs: number | null;
  readonly unacknowledgedForMs: number | null;
}

/** The data of a `source.status`. */
export type StatusData = EventData<"source.status">;

export interface FreshnessOptions {
  readonly clock: Clock;
  readonly report: (data: StatusData) => void;
  readonly link: () => Link;
}

export class Freshness {
  readonly #options: FreshnessOptions;
  #status: SourceStatus | undefined;
  #sinceIso = "";
  /** `resync` because Discord does not answer, not because the connection was lost. */
  #isSilent = false;
  #cancelGrace: (() => void) | undefined;

  constructor(options: FreshnessOptions) {
    this.#options = options;
  }

  /** What is reported, with the time of this moment; `null` before the first report. */
  get reported(): StatusData | null {
    if (this.#status === undefined) return null;
    const { receivedAgoMs } = this.#options.link();
    return {
      status: this.#status,
      since: this.#sinceIso,
      ...(receivedAgoMs !== null && { receivedAt: new Date(Date.now() - receivedAgoMs).toISOString() }),
      ...(this.#isSilent && { reason: "discord_silent" }),
    };
  }

  /** For snapshots; before the first report the connection is being made. */
  get current(): { readonly status: SourceStatus; readonly sinceIso: string } {
    return { status: this.#status ?? "resync", sinceIso: this.#sinceIso || new Date().toISOString() };
  }

  /** Events that report a status themselves were stored. `seen`: Discord reported them just now. */
  appended(happenings: readonly Happening[], seen: boolean, nowIso: string): void {
    for (const { type } of happenings) {
      if (type === "guild.snapshot" && seen) this.live(nowIso);
      if (type === "guild.unavailable") this.suspended("outage", nowIso);
      if (type === "guild.removed") this.suspended("gone", nowIso);
    }
  }

  /**
   * A new session has just brought a snapshot, which reports `live` itself. Where the loss before it was too short to be
   * reported, the status is the same and yet began anew: a receiver learns that from the status alone.
   */
  live(sinceIso: string): void {
    this.#cancelGrace?.();
    this.#cancelGrace = undefined;
    const wasLive = this.#status === "live";
    this.#status = "live";
    this.#sinceIso = sinceIso;
    this.#isSilent = false;
    if (wasLive) this.#report();
  }

  /** The session was resumed: what was so before the connection was lost, or by an earlier process, is so again. */
  resumed(status: "live" | "outage" | "gone"): void {
    this.#cancelGrace?.();
    this.#cancelGrace = undefined;
    this.#become(status);
  }

  /** Discord's outage, or the bot's removal: an event of its own has told it. */
  suspended(status: "outage" | "gone", sinceIso: string): void {
    this.#cancelGrace?.();
    this.#cancelGrace = undefined;
    if (status === this.#status) return;
    this.#status = status;
    this.#sinceIso = sinceIso;
    this.#isSilent = false;
  }

  /**
   * To be called every second while a session is ready. An open connection that Discord does not answer on is lost, though
   * it takes until the next Heartbeat is due to know for certain.
   */
  look(): void {
    const { receivedAgoMs, unacknowledgedForMs } = this.#options.link();
    const unanswered = unacknowledgedForMs !== null && unacknowledgedForMs >= SILENT_AFTER_MS;
    const isSilent = unanswered && (receivedAgoMs ?? unacknowledgedForMs) >= SILENT_AFTER_MS;
    if (isSilent && this.#status === "live") {
      this.#isSilent = true;
      this.#become("resync", Date.now() - (receivedAgoMs ?? unacknowledgedForMs));
    } else if (!isSilent && this.#isSilent) this.resumed("live");
  }

  connectionLost(): void {
    if (this.#isSilent) {
      this.#isSilent = false;
      this.#report();
    }
    if (this.#status !== "live" || this.#cancelGrace !== undefined) return;
    this.#cancelGrace = this.#options.clock.after(RESYNC_GRACE_MS, () => {
      this.#cancelGrace = undefined;
      this.#become("resync");
    });
  }

  stop(): void {
    this.#cancelGrace?.();
  }

  #become(status: SourceStatus, sinceMs = Date.now()): void {
    if (status === this.#status) return;
    this.#status = status;
    if (status !== "resync") this.#isSilent = false;
    this.#sinceIso = new Date(sinceMs).toISOString();
    this.#report();
  }

  #report(): void {
    const data = this.reported;
    if (data !== null) this.#options.report(data);
  }
}
