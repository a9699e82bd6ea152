declare const snowflake: unique symbol;

/** A Discord id: a 64-bit integer that travels as a decimal string and must never become a `number`. */
export type Snowflake = string & { readonly [snowflake]: true };

/** Milliseconds from the Unix epoch to the first moment of 2015, where snowflake time starts. */
const DISCORD_EPOCH_MS = 1_420_070_400_000n;

/** Digits of the largest 64-bit number. */
const DIGITS_MAX = 20;
const [DIGIT_0, DIGIT_9] = [0x30, 0x39];

/** Looked at by hand: three of them are in every voice state, and a regular expression costs five times as much. */
export function isSnowflake(value: unknown): value is Snowflake {
  if (typeof value !== "string" || value.length === 0 || value.length > DIGITS_MAX) return false;
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index);
    if (code < DIGIT_0 || code > DIGIT_9) return false;
  }
  return true;
}

/** When an id was made, in Unix milliseconds. Source: https://discord.com/developers/docs/reference#snowflakes */
export function snowflakeTimeMs(id: Snowflake): number {
  return Number((BigInt(id) >> 22n) + DISCORD_EPOCH_MS);
}

/** The smallest id that could have been made at `atMs`; `counter` (0…4194303) tells ids of one millisecond apart. */
export function snowflakeAt(atMs: number, counter = 0): Snowflake {
  return (((BigInt(atMs) - DISCORD_EPOCH_MS) << 22n) + BigInt(counter)).toString() as Snowflake;
}

/** The shard a guild belongs to. Source: https://discord.com/developers/docs/events/gateway#sharding */
export function shardOfGuild(guildId: Snowflake, shardCount: number): number {
  return Number((BigInt(guildId) >> 22n) % BigInt(shardCount));
}
