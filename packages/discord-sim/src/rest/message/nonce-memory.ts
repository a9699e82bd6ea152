import type { Snowflake } from "@guildwire/discord-wire";

/** How long `enforce_nonce` remembers: Discord says "the past few minutes". */
const MEMORY_MS = 5 * 60_000;
const ENTRIES_MAX = 100_000;

/** Which message a bot has sent under which nonce, whether it still exists or not. */
export class NonceMemory {
  readonly #sent = new Map<string, { readonly messageId: Snowflake; readonly atMs: number }>();

  remember(botId: Snowflake, channelId: Snowflake, nonce: unknown, messageId: Snowflake, atMs: number): void {
    if (typeof nonce !== "string" && typeof nonce !== "number") return;
    this.#sent.set(`${botId}/${channelId}/${nonce}`, { messageId, atMs });
    for (const [key, entry] of this.#sent) {
      if (entry.atMs > atMs - MEMORY_MS && this.#sent.size <= ENTRIES_MAX) return;
      this.#sent.delete(key);
    }
  }

  recall(botId: Snowflake, channelId: Snowflake, nonce: unknown, atMs: number): Snowflake | undefined {
    const entry = this.#sent.get(`${botId}/${channelId}/${String(nonce)}`);
    return entry !== undefined && entry.atMs > atMs - MEMORY_MS ? entry.messageId : undefined;
  }
}
