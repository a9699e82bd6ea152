import { wireInvite } from "../../world/guild/invite-change.ts";
import { Permission } from "../../world/permission.ts";
import type { Channel, Invite, World } from "../../world/world.ts";
import { inChannelWith, inGuildWith, mayAt, mayIn, refusalOf, worldNow } from "../access.ts";
import { flagRule, integerRule, keptRule, problemsOf, readBody } from "../form.ts";
import { type RestAnswer, success } from "../rest-answer.ts";
import { failure, invalidForm } from "../rest-error.ts";
import type { Call, Route } from "../route.ts";

/** Invites of a channel, of a server, and by their code. Nobody comes in by one. */
export const INVITE_ROUTES: readonly Route[] = [
  {
    operation: "list_channel_invites",
    method: "GET",
    path: "/channels/:channel/invites",
    answer: inChannelWith(Permission.ManageChannels, (world, channel) =>
      success(
        [...world.invites.values()]
          .filter(({ channelId }) => channelId === channel.id)
          .map((invite) => wireInvite(world, invite)),
      ),
    ),
  },
  {
    operation: "create_channel_invite",
    method: "POST",
    path: "/channels/:channel/invites",
    answer: inChannelWith(Permission.CreateInstantInvite, createInvite),
  },
  {
    operation: "list_guild_invites",
    method: "GET",
    path: "/guilds/:guild/invites",
    answer: inGuildWith(Permission.ManageGuild, (world) =>
      success([...world.invites.values()].map((invite) => wireInvite(world, invite))),
    ),
  },
  {
    operation: "invite_resolve",
    method: "GET",
    path: "/invites/:code",
    isOpen: true,
    answer: withInvite((world, invite) => success(wireInvite(world, invite))),
  },
  { operation: "invite_revoke", method: "DELETE", path: "/invites/:code", answer: withInvite(revoke) },
];

const RULES = {
  max_age: integerRule(0, 604_800),
  max_uses: integerRule(0, 100),
  temporary: flagRule,
  // Without it an invite like one that exists may be given again; here each is a new one.
  unique: keptRule,
};

function createInvite(world: World, channel: Channel, call: Call): RestAnswer {
  const body =
    call.request.body.byteLength === 0 ? { ok: true as const, fields: {} } : readBody(call.request);
  if (!body.ok) return body.answer;
  const problems = problemsOf(body.fields, RULES);
  if (problems.length > 0) return invalidForm(problems);
  const { max_age: maxAge, max_uses: maxUses, temporary } = body.fields as Readonly<Record<string, unknown>>;
  const outcome = call.context.seat.apply(
    {
      type: "createInvite",
      userId: world.bot.id,
      channelId: channel.id,
      ...(typeof maxAge === "number" ? { maxAgeSeconds: maxAge } : {}),
      ...(typeof maxUses === "number" ? { maxUses } : {}),
      ...(temporary === true ? { temporary } : {}),
    },
    world.guild.id,
  );
  const refusal = refusalOf(outcome);
  if (refusal !== undefined) return refusal;
  const after = worldNow(world, call);
  const made = [...after.invites.values()].find(({ code }) => !world.invites.has(code));
  return made === undefined ? failure("General") : success(wireInvite(after, made));
}

function withInvite(answer: (world: World, invite: Invite, call: Call) => RestAnswer): Route["answer"] {
  return (call) => {
    const code = call.parameters["code"] ?? "";
    const world = call.context.keeper.worlds.kept.find(({ invites }) => invites.has(code));
    const invite = world?.invites.get(code);
    return world === undefined || invite === undefined
      ? failure("UnknownInvite")
      : answer(call.context.seat.worlds.worldOf(world.guild.id) ?? world, invite, call);
  };
}

function revoke(world: World, invite: Invite, call: Call): RestAnswer {
  const channel = world.channels.get(invite.channelId);
  const mayHere = channel !== undefined && mayAt(world, channel, Permission.ManageChannels);
  if (!mayHere && !mayIn(world, Permission.ManageGuild)) return failure("MissingPermissions");
  const outcome = call.context.seat.apply({ type: "deleteInvite", code: invite.code }, world.guild.id);
  return refusalOf(outcome) ?? success(wireInvite(world, invite));
}
