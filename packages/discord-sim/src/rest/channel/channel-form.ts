import { ChannelType, isSnowflake, type Snowflake } from "@guildwire/discord-wire";
import { permissionBits } from "../../world/permission.ts";
import type { ChannelKind, Details, Overwrite, World } from "../../world/world.ts";
import {
  bitsRule,
  choiceRule,
  type Fields,
  flagRule,
  idRule,
  integerRule,
  keptRule,
  listRule,
  objectRule,
  problemsOf,
  type Rules,
  textRule,
} from "../form.ts";
import { isObject } from "../message/message-form.ts";
import type { FormProblem } from "../rest-error.ts";

/** What channels may be made of, and changed to. */

export const KIND_OF: ReadonlyMap<unknown, ChannelKind> = new Map<unknown, ChannelKind>([
  [undefined, "text"],
  [null, "text"],
  [ChannelType.GuildText, "text"],
  [ChannelType.GuildVoice, "voice"],
  [ChannelType.GuildCategory, "category"],
  [ChannelType.GuildAnnouncement, "announcement"],
  [ChannelType.GuildStageVoice, "stage"],
  [ChannelType.GuildForum, "forum"],
  [ChannelType.GuildMedia, "media"],
]);

/** Fields that are kept and shown, and that nothing here acts on. */
const DETAIL_RULES: Rules = {
  topic: textRule(4096),
  nsfw: flagRule,
  rate_limit_per_user: integerRule(0, 21_600),
  bitrate: integerRule(8000, 384_000),
  rtc_region: textRule(50),
  video_quality_mode: choiceRule(1, 2),
  default_auto_archive_duration: choiceRule(60, 1440, 4320, 10_080),
  default_thread_rate_limit_per_user: integerRule(0, 21_600),
  default_reaction_emoji: objectRule,
  default_sort_order: choiceRule(0, 1),
  default_forum_layout: choiceRule(0, 1, 2),
  default_tag_setting: keptRule,
  available_tags: listRule(20),
  flags: integerRule(0, 2 ** 31),
};

const CHANNEL_RULES: Rules = {
  ...DETAIL_RULES,
  name: textRule(100, 1),
  type: choiceRule(0, 2, 4, 5, 13, 15, 16),
  position: integerRule(0, 10_000),
  user_limit: integerRule(0, 10_000),
  parent_id: idRule,
  permission_overwrites: listRule(100),
};

const OVERWRITE_RULES: Rules = { id: idRule, type: choiceRule(0, 1), allow: bitsRule, deny: bitsRule };

export function channelProblems(fields: Fields): readonly FormProblem[] {
  const overwrites = Array.isArray(fields["permission_overwrites"]) ? fields["permission_overwrites"] : [];
  return [
    ...problemsOf(fields, CHANNEL_RULES),
    ...overwrites.flatMap((entry: unknown, index) =>
      problemsOf(isObject(entry) ? entry : {}, OVERWRITE_RULES).map((problem) => ({
        ...problem,
        field: `permission_overwrites.${index}.${problem.field}`,
      })),
    ),
  ];
}

/** The fields that say where a channel is. */
export function placeOf(fields: Fields): {
  readonly position?: number;
  readonly parentId?: Snowflake | null;
  readonly userLimit?: number;
} {
  const { position, parent_id: parentId, user_limit: userLimit } = fields;
  return {
    ...(typeof position === "number" ? { position } : {}),
    ...(parentId === null || isSnowflake(parentId) ? { parentId } : {}),
    ...(typeof userLimit === "number" ? { userLimit } : {}),
  };
}

/** Tags get ids; everything else is kept as it came. */
export function detailsOf(fields: Fields, world: World): { readonly details?: Details } {
  const given = Object.entries(fields).filter(([name]) => Object.hasOwn(DETAIL_RULES, name));
  if (given.length === 0) return {};
  const details = Object.fromEntries(given);
  const tags = details["available_tags"];
  if (!Array.isArray(tags)) return { details };
  const numbered = tags.map((tag: unknown, index) => ({
    emoji_id: null,
    emoji_name: null,
    moderated: false,
    ...(isObject(tag) ? tag : {}),
    id:
      isObject(tag) && isSnowflake(tag["id"])
        ? tag["id"]
        : String(BigInt(world.guild.id) + BigInt(world.idsMade * 32 + index + 1)),
  }));
  return { details: { ...details, available_tags: numbered } };
}

/** `undefined` when the field is not there. */
export function overwritesOf(fields: Fields, world: World): readonly Overwrite[] | undefined {
  const given = fields["permission_overwrites"];
  if (!Array.isArray(given)) return undefined;
  return given.filter(isObject).map((entry) => overwriteOf(entry, String(entry["id"]), world));
}

export function overwriteOf(entry: Fields, id: string, world: World): Overwrite {
  const { type, allow, deny } = entry;
  const isRole = type === undefined || type === null ? world.roles.has(id as Snowflake) : type === 0;
  return {
    id: id as Snowflake,
    kind: isRole ? "role" : "member",
    allow: permissionBits(String(allow ?? 0)) ?? 0n,
    deny: permissionBits(String(deny ?? 0)) ?? 0n,
  };
}
