import { type Snowflake, snowflakeAt } from "@guildwire/discord-wire";
import { hexOf } from "@guildwire/runtime/random";
import type { Clock } from "../clock.ts";
import type { Message } from "../world/chat/message.ts";
import { wireMessage } from "../world/chat/wire-message.ts";
import type { WorldKeeper } from "../world-keeper.ts";
import {
  ANSWER_MS_MAX,
  type Interaction,
  type InteractionAnswer,
  type InteractionReport,
  TOKEN_LIFETIME_MS,
} from "./interaction.ts";

/** Counters of interactions. Good is: `answered` follows `sent`, and all others stay 0. */
export interface InteractionStats {
  sent: number;
  answered: number;
  /** Nothing came within three seconds. */
  unanswered: number;
  /** A first answer came after that. */
  answeredLate: number;
  /** A second first answer came. */
  answeredTwice: number;
  followUps: number;
}

/** Answered and old interactions are forgotten when there are more than this. */
const KEPT_MAX = 20_000;

/** Keeps the interactions and what became of them. Who may do what is decided elsewhere (invoke.ts, rest/). */
export class InteractionDesk {
  readonly #clock: Clock;
  readonly #keeper: WorldKeeper;
  readonly #byId = new Map<Snowflake, Interaction>();
  readonly #byToken = new Map<string, Interaction>();
  readonly #waiting = new Map<Snowflake, () => void>();
  readonly #watchers = new Map<Snowflake, readonly (() => void)[]>();
  readonly #key: string;
  readonly stats: InteractionStats = {
    sent: 0,
    answered: 0,
    unanswered: 0,
    answeredLate: 0,
    answeredTwice: 0,
    followUps: 0,
  };
  #made = 0;

  /** `key` makes tokens that nobody can guess from the seed. */
  constructor(keeper: WorldKeeper, clock: Clock, key: string) {
    this.#keeper = keeper;
    this.#clock = clock;
    this.#key = key;
  }

  newIds(): { readonly id: Snowflake; readonly token: string; readonly atMs: number } {
    this.#made += 1;
    const atMs = this.#clock.nowMs();
    const id = snowflakeAt(Math.floor(atMs), (9 << 12) + (this.#made % 4096));
    const token = `${hexOf(`${this.#key}/${id}`)}${hexOf(`${id}/${this.#key}`)}`;
    return { id, token: Buffer.from(`interaction:${id}:${token}`).toString("base64url"), atMs };
  }

  /** Tells the bot, unless its application has an endpoint of its own, of which no HTTP request is made here. */
  open(interaction: Interaction): void {
    this.#forgetOld();
    this.#byId.set(interaction.id, interaction);
    this.#byToken.set(interaction.token, interaction);
    this.stats.sent += 1;
    const cancel = this.#clock.after(ANSWER_MS_MAX, () => {
      this.stats.unanswered += 1;
      this.#settle(interaction.id);
    });
    this.#waiting.set(interaction.id, cancel);
    const { application, guildId, payload } = interaction;
    if (application.profile.interactions_endpoint_url !== null) return;
    this.#keeper.tell([{ t: "INTERACTION_CREATE", d: payload }], guildId, application.bot.id);
  }

  byId(id: string | undefined): Interaction | undefined {
    return this.#byId.get(id as Snowflake);
  }

  /** `undefined` for a token that is wrong or whose fifteen minutes are over. */
  byToken(token: string | undefined): Interaction | undefined {
    const found = this.#byToken.get(token ?? "");
    return found === undefined || this.#age(found) > TOKEN_LIFETIME_MS ? undefined : found;
  }

  /** Whether a first answer may still come. Counts what is wrong with one that may not. */
  mayAnswer(interaction: Interaction): "yes" | "too late" | "twice" {
    if (interaction.answer !== undefined) {
      this.stats.answeredTwice += 1;
      return "twice";
    }
    if (this.#age(interaction) <= ANSWER_MS_MAX) return "yes";
    this.stats.answeredLate += 1;
    return "too late";
  }

  answer(interaction: Interaction, answer: Omit<InteractionAnswer, "atMs">): void {
    interaction.answer = { ...answer, atMs: this.#clock.nowMs() };
    this.stats.answered += 1;
    this.#waiting.get(interaction.id)?.();
    this.#settle(interaction.id);
  }

  /** Resolves when the interaction is answered, or its three seconds are over. */
  settled(id: Snowflake): Promise<InteractionReport> {
    if (!this.#waiting.has(id)) return Promise.resolve(this.reportOf(id));
    return new Promise((resolve) => {
      const watchers = this.#watchers.get(id) ?? [];
      this.#watchers.set(id, [...watchers, () => resolve(this.reportOf(id))]);
    });
  }

  reportOf(id: Snowflake | undefined): InteractionReport {
    const interaction = this.byId(id);
    if (interaction === undefined) throw new Error(`no interaction ${String(id)}`);
    return this.report(interaction);
  }

  #settle(id: Snowflake): void {
    this.#waiting.delete(id);
    for (const watcher of this.#watchers.get(id) ?? []) watcher();
    this.#watchers.delete(id);
  }

  reports(): readonly InteractionReport[] {
    return [...this.#byId.values()].map((interaction) => this.report(interaction));
  }

  report(interaction: Interaction): InteractionReport {
    const { answer, payload, application } = interaction;
    const data = (payload["data"] ?? {}) as Readonly<Record<string, unknown>>;
    const messages = [answer?.messageId, ...interaction.followUps].flatMap((id) => {
      const message = id === undefined ? undefined : this.messageOf(interaction, id);
      return message === undefined ? [] : [wireMessage(message, application.bot.id)];
    });
    return {
      id: interaction.id,
      applicationId: application.bot.id,
      type: interaction.type,
      guildId: interaction.guildId,
      channelId: interaction.channelId,
      userId: interaction.userId,
      name: String(data["name"] ?? data["custom_id"]),
      state:
        answer !== undefined ? "answered" : this.#age(interaction) > ANSWER_MS_MAX ? "expired" : "waiting",
      callbackType: answer?.type ?? null,
      answeredAfterMs: answer === undefined ? null : answer.atMs - interaction.createdAtMs,
      isEphemeral: answer?.isEphemeral ?? false,
      messages,
      data: answer?.data ?? null,
    };
  }

  /** A message of the interaction, seen by all or by the person alone. */
  messageOf(interaction: Interaction, id: Snowflake): Message | undefined {
    const own = interaction.ephemerals.get(id);
    if (own !== undefined) return own;
    const { application, guildId, channelId } = interaction;
    if (guildId === null) {
      const { messages } = this.#keeper.directsOf(application.bot.id);
      return messages.get(channelId)?.find((message) => message.id === id);
    }
    return this.#keeper.worlds
      .worldOf(guildId)
      ?.messages.get(channelId)
      ?.find((message) => message.id === id);
  }

  /** The interaction whose answer only the person sees, for presses of its buttons. */
  ephemeral(
    userId: Snowflake,
    messageId: Snowflake,
  ): { interaction: Interaction; message: Message } | undefined {
    for (const interaction of this.#byId.values()) {
      const message = interaction.ephemerals.get(messageId);
      if (message !== undefined && interaction.userId === userId) return { interaction, message };
    }
    return undefined;
  }

  close(): void {
    for (const cancel of this.#waiting.values()) cancel();
    this.#waiting.clear();
  }

  #age(interaction: Interaction): number {
    return this.#clock.nowMs() - interaction.createdAtMs;
  }

  #forgetOld(): void {
    if (this.#byId.size < KEPT_MAX) return;
    for (const interaction of this.#byId.values()) {
      if (this.#age(interaction) <= TOKEN_LIFETIME_MS && this.#byId.size < 2 * KEPT_MAX) return;
      this.#byId.delete(interaction.id);
      this.#byToken.delete(interaction.token);
    }
  }
}
