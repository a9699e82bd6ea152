import { isSnowflake, type Snowflake } from "@guildwire/discord-wire";
import type { Message } from "../world/chat/message.ts";
import type { ApplicationCommand } from "../world/command-book.ts";
import type { InteractionCommand } from "../world/interaction-command.ts";
import { Permission, permissionsAt } from "../world/permission.ts";
import { type Member, type Place, placeOf, type World } from "../world/world.ts";
import type { WorldKeeper } from "../world-keeper.ts";
import type { Application, Applications } from "./applications.ts";
import { buttonData, findComponent, modalData, selectData } from "./component-data.ts";
import { CallbackType, type Interaction, InteractionType } from "./interaction.ts";
import {
  type Built,
  commandData,
  type Data,
  messageCommandData,
  type Surroundings,
  userCommandData,
} from "./interaction-data.ts";
import type { InteractionDesk } from "./interaction-desk.ts";
import { payloadOf, type Refusal, refusal, type Scene, sceneOf } from "./scene.ts";

/** Somebody uses a command, a component or a form: whether they can, and what the bot is told of it. */

export type Invoked = { readonly ok: true; readonly interaction: Interaction } | Refusal;

export interface Offices {
  readonly keeper: WorldKeeper;
  readonly applications: Applications;
  readonly desk: InteractionDesk;
}

/** `guildId` is the server of channels that are not named. */
export function invoke(
  command: InteractionCommand,
  guildId: Snowflake | undefined,
  offices: Offices,
): Invoked {
  switch (command.type) {
    case "useCommand":
    case "autocomplete":
    case "useUserCommand":
    case "useMessageCommand":
      return invokeCommand(command, guildId, offices);
    case "pressButton":
    case "select":
      return invokeComponent(command, offices);
    case "submitModal":
      return invokeModal(command, offices);
  }
}

type CommandUse = Extract<InteractionCommand, { name: string }>;
const COMMAND_TYPE = { useCommand: 1, autocomplete: 1, useUserCommand: 2, useMessageCommand: 3 } as const;

function invokeCommand(command: CommandUse, guildId: Snowflake | undefined, offices: Offices): Invoked {
  const { applications } = offices;
  const world = command.channelId === undefined ? undefined : worldOf(command.channelId, guildId, offices);
  if (command.channelId !== undefined && world === undefined) return refusal("channelId", "does not exist");
  const type = COMMAND_TYPE[command.type];
  const meant = applications.all.filter(
    ({ bot }) => command.applicationId === undefined || bot.id === command.applicationId,
  );
  const application = meant.find(({ commands }) =>
    commands.find(world?.guild.id ?? null, type, command.name),
  );
  const known = application?.commands.find(world?.guild.id ?? null, type, command.name);
  if (application === undefined || known === undefined) return refusal("name", "is not a command here");
  const scene = sceneOf(command.userId, command.channelId, application, offices.keeper);
  if (!scene.ok) return scene;
  const problem = obstacleTo(scene.scene, application, known);
  if (problem !== undefined) return refusal("userId", problem);
  const around = surroundings(scene.scene, offices);
  const built = dataOf(command, known, scene.scene, application, around);
  if (!built.ok) return built;
  const isTyping = command.type === "autocomplete";
  return open(
    {
      type: isTyping ? InteractionType.Autocomplete : InteractionType.Command,
      application,
      data: built.data,
      message: undefined,
      isMessageEphemeral: false,
    },
    scene.scene,
    offices,
  );
}

function dataOf(
  command: CommandUse,
  known: ApplicationCommand,
  scene: Scene,
  application: Application,
  around: Surroundings,
): Built {
  switch (command.type) {
    case "useCommand":
    case "autocomplete": {
      const { options = {}, subcommand } = command;
      const focused = command.type === "autocomplete" ? command.focused : undefined;
      return commandData(known, { options, subcommand, focused }, around);
    }
    case "useUserCommand":
      return userCommandData(known, command.targetId, around);
    case "useMessageCommand": {
      const message = scene.world?.messages.get(scene.channelId)?.find(({ id }) => id === command.messageId);
      return message === undefined
        ? { ok: false, field: "messageId", problem: "is not in the channel" }
        : messageCommandData(known, message, application.bot.id);
    }
  }
}

/** Why somebody cannot use a command here. */
function obstacleTo(scene: Scene, application: Application, command: ApplicationCommand): string | undefined {
  const { world, place, person } = scene;
  const context = world === undefined ? 1 : 0;
  if (Array.isArray(command.contexts) && !command.contexts.includes(context)) return "cannot use it here";
  if (world === undefined || place === undefined) return undefined;
  const held = permissionsAt(world, person.id, place.channel);
  if (!(held & Permission.UseApplicationCommands)) return "may not use commands here";
  const needed = command.default_member_permissions;
  const isAdmin = (held & Permission.Administrator) !== 0n;
  const allowed = overriddenFor(application, world, command, person, place);
  if (allowed !== undefined) return allowed || isAdmin ? undefined : "may not use this command";
  if (needed === null || isAdmin) return undefined;
  const bits = BigInt(needed);
  return bits !== 0n && (held & bits) === bits ? undefined : "may not use this command";
}

/** What the server's admins have set for the command, if they have for this person, role or channel. */
function overriddenFor(
  application: Application,
  world: World,
  command: ApplicationCommand,
  person: Member,
  place: Place,
): boolean | undefined {
  const permissions = application.commands.permissionsOf(world.guild.id, command.id) ?? [];
  const own = permissions.filter(
    ({ id, type }) =>
      (type === 2 && id === person.id) ||
      (type === 1 && (id === world.guild.id || person.roles.includes(id))) ||
      (type === 3 && id === place.channel.id),
  );
  return own.length === 0 ? undefined : own.every(({ permission }) => permission);
}

type ComponentUse = Extract<InteractionCommand, { customId: string }>;

function invokeComponent(command: ComponentUse, offices: Offices): Invoked {
  const { applications, desk } = offices;
  const ephemeral = desk.ephemeral(command.userId, command.messageId);
  const message = ephemeral?.message ?? messageAnywhere(command, offices);
  if (message === undefined) return refusal("messageId", "is not in the channel");
  const application =
    ephemeral?.interaction.application ??
    applications.byId(message.more?.applicationId) ??
    applications.byId(message.author.id);
  if (application === undefined) return refusal("messageId", "is not of an application");
  const component = findComponent(message.more?.components ?? [], command.customId);
  if (component === undefined) return refusal("customId", "is not in the message");
  const scene = sceneOf(command.userId, message.channelId, application, offices.keeper);
  if (!scene.ok) return scene;
  const around = surroundings(scene.scene, offices);
  const built =
    command.type === "pressButton" ? buttonData(component) : selectData(component, command.values, around);
  if (!built.ok) return built;
  return open(
    {
      type: InteractionType.Component,
      application,
      data: built.data,
      message,
      isMessageEphemeral: ephemeral !== undefined,
    },
    scene.scene,
    offices,
  );
}

function invokeModal(
  command: Extract<InteractionCommand, { type: "submitModal" }>,
  offices: Offices,
): Invoked {
  const opened = offices.desk.byId(command.interactionId);
  if (opened?.answer?.type !== CallbackType.Modal) {
    return refusal("interactionId", "was not answered with a form");
  }
  if (opened.userId !== command.userId) return refusal("userId", "is not who the form was shown to");
  const built = modalData(opened.answer.data ?? {}, command.values ?? {});
  if (!built.ok) return built;
  const scene = sceneOf(command.userId, opened.channelId, opened.application, offices.keeper);
  if (!scene.ok) return scene;
  return open(
    {
      type: InteractionType.ModalSubmit,
      application: opened.application,
      data: built.data,
      message: opened.message,
      isMessageEphemeral: opened.isMessageEphemeral,
    },
    scene.scene,
    offices,
  );
}

function open(
  draft: Pick<Interaction, "type" | "application" | "message" | "isMessageEphemeral"> & {
    readonly data: Data;
  },
  scene: Scene,
  { desk }: Offices,
): Invoked {
  const { id, token, atMs } = desk.newIds();
  const { data, ...given } = draft;
  const interaction: Interaction = {
    ...given,
    id,
    token,
    guildId: scene.world?.guild.id ?? null,
    channelId: scene.channelId,
    userId: scene.person.id,
    createdAtMs: atMs,
    payload: payloadOf(id, token, draft, data, scene),
    answer: undefined,
    ephemerals: new Map(),
    followUps: [],
  };
  desk.open(interaction);
  return { ok: true, interaction };
}

function surroundings(scene: Scene, { keeper }: Offices): Surroundings {
  const { world } = scene;
  return {
    world,
    person: (id) => (world === undefined ? keeper.worlds.memberAnywhere(id) : world.members.get(id)),
  };
}

function worldOf(
  channelId: Snowflake,
  guildId: Snowflake | undefined,
  { keeper }: Offices,
): World | undefined {
  const named = guildId === undefined ? undefined : keeper.worlds.worldOf(guildId);
  return named !== undefined && placeOf(named, channelId) !== undefined
    ? named
    : keeper.worlds.guildOfChannel(channelId);
}

/** A message in a server's channel, or in one of the bots' private ones. */
function messageAnywhere(command: ComponentUse, { keeper, applications }: Offices): Message | undefined {
  const { channelId, messageId } = command;
  const world = channelId === undefined ? undefined : keeper.worlds.guildOfChannel(channelId);
  if (world !== undefined && channelId !== undefined) {
    return world.messages.get(channelId)?.find(({ id }) => id === messageId);
  }
  for (const { bot } of applications.all) {
    const logs = keeper.directsOf(bot.id).messages;
    const own = isSnowflake(channelId) ? [logs.get(channelId) ?? []] : [...logs.values()];
    const message = own.flat().find(({ id }) => id === messageId);
    if (message !== undefined) return message;
  }
  return undefined;
}
