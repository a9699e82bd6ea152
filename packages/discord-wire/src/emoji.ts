import { asFlag, asId, asObject, asString } from "./fields.ts";
import type { Snowflake } from "./snowflake.ts";

/** A Unicode emoji (`id` is `null`, `name` its characters) or one of a server's own. */
export interface Emoji {
  readonly id: Snowflake | null;
  /** May be empty for an emoji that has been deleted since. */
  readonly name: string;
  readonly animated: boolean;
}

/** @returns `undefined` for an emoji without id and name. */
export function readEmoji(value: unknown): Emoji | undefined {
  const emoji = asObject(value);
  const id = asId(emoji?.["id"]) ?? null;
  const name = asString(emoji?.["name"]) ?? "";
  if (emoji === undefined || (id === null && name === "")) return undefined;
  return { id, name, animated: asFlag(emoji["animated"]) };
}
