import * as z from "zod";

/** A Discord id. They do not fit a number. */
export const id = z.string().regex(/^\d{1,20}$/, "must be a Discord id: up to 20 digits, as a string");

export const isoTime = z.iso.datetime({ offset: true });

/** Permission bits as a decimal string. */
export const permissionBits = z.string().regex(/^\d{1,20}$/, "must be permission bits as a decimal string");

export const emojiSchema = z.object({
  /** `null` for a Unicode emoji, whose characters are `name`. */
  id: id.nullable(),
  name: z.string(),
  animated: z.boolean(),
});

export const personSchema = z.object({
  id,
  /** Nickname in the guild if it is known, else display name, else username. */
  name: z.string(),
  username: z.string(),
  /** Not signed; may be kept. */
  avatarUrl: z.string().nullable(),
  bot: z.boolean(),
});
/** A person as shown beside what they do. */
export type Person = z.infer<typeof personSchema>;
