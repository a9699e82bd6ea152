import { isSnowflake, type Snowflake } from "@guildwire/discord-wire";
import { STANDARD_STICKERS } from "../../world/catalogue.ts";
import { createEmoji, deleteEmoji, updateEmoji, wireGuildEmoji } from "../../world/guild/emoji-change.ts";
import { Permission } from "../../world/permission.ts";
import type { GuildEmoji, World } from "../../world/world.ts";
import { inGuild, inGuildWith, worldNow } from "../access.ts";
import { keptRule, listRule, problemsOf, readBody, required, textRule } from "../form.ts";
import { NO_CONTENT, type RestAnswer, success } from "../rest-answer.ts";
import { failure, invalidForm } from "../rest-error.ts";
import type { Call, Route } from "../route.ts";

/** Emojis of a server, and the standard stickers, which are the only ones there are. */
export const EMOJI_ROUTES: readonly Route[] = [
  {
    operation: "list_guild_emojis",
    method: "GET",
    path: "/guilds/:guild/emojis",
    answer: inGuild((world) =>
      success([...world.emojis.values()].map((emoji) => wireGuildEmoji(world, emoji))),
    ),
  },
  {
    operation: "create_guild_emoji",
    method: "POST",
    path: "/guilds/:guild/emojis",
    answer: inGuildWith(Permission.CreateExpressions, create),
  },
  {
    operation: "get_guild_emoji",
    method: "GET",
    path: "/guilds/:guild/emojis/:emoji",
    answer: inGuild((world, call) =>
      withEmoji(world, call, (emoji) => success(wireGuildEmoji(world, emoji))),
    ),
  },
  {
    operation: "update_guild_emoji",
    method: "PATCH",
    path: "/guilds/:guild/emojis/:emoji",
    answer: inGuildWith(Permission.ManageExpressions, update),
  },
  {
    operation: "delete_guild_emoji",
    method: "DELETE",
    path: "/guilds/:guild/emojis/:emoji",
    answer: inGuildWith(Permission.ManageExpressions, (world, call) =>
      withEmoji(world, call, ({ id }) => {
        call.context.seat.change(world.guild.id, (now) => deleteEmoji(now, id));
        return NO_CONTENT;
      }),
    ),
  },
  {
    operation: "list_guild_stickers",
    method: "GET",
    path: "/guilds/:guild/stickers",
    answer: inGuild(() => success([])),
  },
  {
    operation: "get_sticker",
    method: "GET",
    path: "/stickers/:sticker",
    answer: ({ parameters }) => {
      const sticker = STANDARD_STICKERS.find(({ id }) => id === parameters["sticker"]);
      return sticker === undefined ? failure("UnknownSticker") : success(wireSticker(sticker));
    },
  },
  {
    operation: "list_sticker_packs",
    method: "GET",
    path: "/sticker-packs",
    isOpen: true,
    answer: () => success({ sticker_packs: [PACK] }),
  },
  {
    operation: "get_sticker_pack",
    method: "GET",
    path: "/sticker-packs/:pack",
    isOpen: true,
    answer: ({ parameters }) => (parameters["pack"] === PACK_ID ? success(PACK) : failure("UnknownSticker")),
  },
];

const PACK_ID = "847199849233514549";

function wireSticker(sticker: (typeof STANDARD_STICKERS)[number]): Readonly<Record<string, unknown>> {
  const { id, name, tags } = sticker;
  return { id, name, tags, description: "", type: 1, format_type: 1, pack_id: PACK_ID, sort_value: 1 };
}

const PACK = {
  id: PACK_ID,
  sku_id: PACK_ID,
  name: "Lantern Friends",
  description: "",
  stickers: STANDARD_STICKERS.map(wireSticker),
};

const RULES = { name: textRule(32, 2), roles: listRule(100) };

function create(world: World, call: Call): RestAnswer {
  const body = readBody(call.request);
  if (!body.ok) return body.answer;
  const { fields } = body;
  const missing = ["name", "image"].filter((name) => typeof fields[name] !== "string");
  const problems = [...problemsOf(fields, { ...RULES, image: keptRule }), ...missing.map(required)];
  if (problems.length > 0) return invalidForm(problems);
  const roles = Array.isArray(fields["roles"]) ? fields["roles"].filter(isSnowflake) : [];
  const animated = String(fields["image"]).startsWith("data:image/gif");
  const draft = { name: String(fields["name"]), animated, roles, creatorId: world.bot.id };
  call.context.seat.change(world.guild.id, (now, atMs) => createEmoji(now, draft, atMs));
  const after = worldNow(world, call);
  const made = [...after.emojis.values()].find(({ id }) => !world.emojis.has(id));
  return made === undefined ? failure("General") : success(wireGuildEmoji(after, made), 201);
}

function update(world: World, call: Call): RestAnswer {
  const body = readBody(call.request);
  if (!body.ok) return body.answer;
  const { fields } = body;
  const problems = problemsOf(fields, RULES);
  if (problems.length > 0) return invalidForm(problems);
  return withEmoji(world, call, (emoji) => {
    const { name, roles } = fields;
    const updated: GuildEmoji = {
      ...emoji,
      name: typeof name === "string" ? name : emoji.name,
      roles: Array.isArray(roles) ? roles.filter(isSnowflake) : emoji.roles,
    };
    call.context.seat.change(world.guild.id, (now) => updateEmoji(now, updated));
    return success(wireGuildEmoji(worldNow(world, call), updated));
  });
}

function withEmoji(world: World, call: Call, answer: (emoji: GuildEmoji) => RestAnswer): RestAnswer {
  const emoji = world.emojis.get(call.parameters["emoji"] as Snowflake);
  return emoji === undefined ? failure("UnknownGuildEmoji") : answer(emoji);
}
