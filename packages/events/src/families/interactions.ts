import * as z from "zod";
import { id, permissionBits, personSchema } from "./fields.ts";
import { attachmentSchema, messageSchema } from "./message.ts";

const optionSchema = z.object({
  name: z.string(),
  /** Discord's option types: 1 subcommand, 2 group, 3 string, 4 integer, 5 boolean, 6 user, 7 channel, 8 role … */
  type: z.int(),
  value: z.union([z.string(), z.number(), z.boolean()]).optional(),
  get options() {
    return z.array(optionSchema).optional();
  },
  focused: z.literal(true).optional(),
});

const commandSchema = z.object({
  id,
  name: z.string(),
  /** 1 slash, 2 user, 3 message. */
  type: z.int(),
  guildId: id.nullable(),
  options: z.array(optionSchema),
  targetId: id.nullable(),
});

const dataSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("command"), command: commandSchema }),
  z.object({ kind: z.literal("autocomplete"), command: commandSchema }),
  z.object({
    kind: z.literal("component"),
    customId: z.string(),
    componentType: z.int(),
    values: z.array(z.string()),
  }),
  z.object({
    kind: z.literal("modal"),
    customId: z.string(),
    fields: z.array(
      z.object({
        customId: z.string(),
        type: z.int(),
        value: z.union([z.string(), z.boolean()]).optional(),
        values: z.array(z.string()).optional(),
      }),
    ),
  }),
]);

export const interactionSchema = z.object({
  id,
  applicationId: id,
  /** Answers for 15 minutes; `null` once it is expired and blanked. Never log or forward it. */
  token: z.string().nullable(),
  data: dataSchema,
  /** What ids among the values stand for. */
  resolved: z
    .object({
      users: z.array(personSchema),
      members: z.array(z.object({ userId: id, roles: z.array(id) })),
      roles: z.array(z.object({ id, name: z.string() })),
      channels: z.array(z.object({ id, name: z.string(), type: z.int() })),
      messages: z.array(messageSchema),
      attachments: z.array(attachmentSchema),
    })
    .nullable(),
  guildId: id.nullable(),
  channel: z
    .object({ id, type: z.int().nullable(), name: z.string().nullable(), parentId: id.nullable() })
    .nullable(),
  person: personSchema,
  member: z.object({ roles: z.array(id), permissions: permissionBits }).nullable(),
  /** The message that a component, or a modal opened from one, belongs to. */
  message: messageSchema.nullable(),
  appPermissions: permissionBits.nullable(),
  locale: z.string().nullable(),
  guildLocale: z.string().nullable(),
  /** 0 guild, 1 direct message with the bot, 2 other direct message. */
  context: z.int().nullable(),
  installedBy: z.object({ guildId: id.nullable(), userId: id.nullable() }),
  attachmentBytesMax: z.int().nullable(),
});
/** A command, a click, a half-typed option or a submitted modal. */
export type Interaction = z.infer<typeof interactionSchema>;

/** The event of `app/<application>/<guild>/interactions`. The first answer must reach Discord within 3 s. */
export const INTERACTIONS_EVENTS = {
  "interaction.received": z.object({ interaction: interactionSchema }),
} as const satisfies Record<string, z.ZodType>;
