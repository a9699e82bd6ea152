import { pick, type Random } from "@guildwire/runtime/random";
import { usableComponents } from "../application/component-data.ts";
import { CallbackType, type Interaction } from "../application/interaction.ts";
import type { Offices } from "../application/invoke.ts";
import { SAYINGS } from "../world/catalogue.ts";
import type { Message } from "../world/chat/message.ts";
import type { CommandOption } from "../world/command-book.ts";
import type { InteractionCommand, OptionValues } from "../world/interaction-command.ts";
import type { Member, World } from "../world/world.ts";
import { waitMs } from "./life.ts";

/**
 * People who use what the applications offer: they press buttons and choose from selects of recent messages, use slash
 * commands, and send off the forms that were opened for them. A form is sent off before anything else is tried.
 */
export function nextInteraction(
  world: World,
  random: Random,
  eventsPerSecond: number,
  offices: Offices,
  submitted: Set<string>,
): { readonly command: InteractionCommand; readonly afterMs: number } | undefined {
  const afterMs = waitMs(random, eventsPerSecond);
  const form = openForm(offices, submitted);
  if (form !== undefined) {
    submitted.add(form.id);
    return { command: sendOff(form, random), afterMs };
  }
  const person = pick(
    random,
    [...world.members.values()].filter(({ bot }) => !bot),
  );
  if (person === undefined) return undefined;
  const uses = [pressSomething, commandSomething].map((use) => use(world, random, person, offices));
  const command = pick(
    random,
    uses.flatMap((use) => use ?? []),
  );
  return command && { command, afterMs };
}

function openForm({ desk }: Offices, submitted: ReadonlySet<string>): Interaction | undefined {
  for (const { id, callbackType } of desk.reports()) {
    if (callbackType === CallbackType.Modal && !submitted.has(id)) return desk.byId(id);
  }
  return undefined;
}

const TEXT_INPUT = 4;
const CHECKBOX = 23;

/** Texts are filled in; of lists the first entry is chosen. */
function sendOff(form: Interaction, random: Random): InteractionCommand {
  const components = form.answer?.data?.["components"];
  const inputs = usableComponents(Array.isArray(components) ? components : []);
  const values = Object.fromEntries(
    inputs.flatMap((input): readonly (readonly [string, string | readonly string[] | boolean])[] => {
      const name = String(input["custom_id"]);
      if (input["type"] === TEXT_INPUT) {
        const text = pick(random, SAYINGS) ?? "";
        return [
          [
            name,
            text.slice(0, Number(input["max_length"] ?? 4000)).padEnd(Number(input["min_length"] ?? 0), "."),
          ],
        ];
      }
      if (input["type"] === CHECKBOX) return [[name, true]];
      const [first] = Array.isArray(input["options"]) ? input["options"] : [];
      const value = (first as { value?: unknown } | undefined)?.value;
      return value === undefined ? [] : [[name, [String(value)]]];
    }),
  );
  return { type: "submitModal", userId: form.userId, interactionId: form.id, values };
}

function pressSomething(world: World, random: Random, person: Member): InteractionCommand | undefined {
  const messages = [...world.messages.values()].flatMap((log) =>
    log
      .slice(-RECENT)
      .filter(({ more }) => more?.applicationId !== undefined || (more?.components ?? []).length > 0),
  );
  const message = pick(random, messages);
  const component = message && pick(random, usable(message));
  if (message === undefined || component === undefined) return undefined;
  const place = { userId: person.id, channelId: message.channelId, messageId: message.id };
  const customId = String(component["custom_id"]);
  if (component["type"] === BUTTON) return { type: "pressButton", ...place, customId };
  const options = Array.isArray(component["options"]) ? component["options"] : [];
  const choice = pick(random, options as readonly { value?: unknown }[])?.value;
  const value = component["type"] === USER_SELECT ? person.id : choice;
  return value === undefined ? undefined : { type: "select", ...place, customId, values: [String(value)] };
}

const RECENT = 20;
const BUTTON = 2;
const USER_SELECT = 5;

function usable(message: Message): readonly Readonly<Record<string, unknown>>[] {
  return usableComponents(message.more?.components ?? []).filter(
    ({ type, min_values }) => type === BUTTON || Number(min_values ?? 1) <= 1,
  );
}

function commandSomething(
  world: World,
  random: Random,
  person: Member,
  { applications }: Offices,
): InteractionCommand | undefined {
  const application = pick(
    random,
    applications.all.filter(({ bot }) => world.members.has(bot.id)),
  );
  const command =
    application &&
    pick(
      random,
      application.commands.usableIn(world.guild.id).filter(({ type }) => type === 1),
    );
  const channel = pick(
    random,
    [...world.channels.values()].filter(({ kind, hidden }) => kind === "text" && !hidden),
  );
  if (command === undefined || channel === undefined || application === undefined) return undefined;
  const [path, options] = firstLeaf(command.options ?? []);
  const values = valuesOf(options, world, random, person);
  if (values === undefined) return undefined;
  return {
    type: "useCommand",
    userId: person.id,
    channelId: channel.id,
    applicationId: application.bot.id,
    name: command.name,
    options: values,
    ...(path.length === 0 ? {} : { subcommand: path.join(" ") }),
  };
}

/** The way to the first subcommand, and its options. */
function firstLeaf(
  options: readonly CommandOption[],
): readonly [readonly string[], readonly CommandOption[]] {
  const branch = options.find(({ type }) => type === 1 || type === 2);
  if (branch === undefined) return [[], options];
  const [path, inner] = firstLeaf(branch.options ?? []);
  return [[branch.name, ...path], inner];
}

/** Values for the required options; `undefined` when one is of a kind nobody here can fill in. */
function valuesOf(
  options: readonly CommandOption[],
  world: World,
  random: Random,
  person: Member,
): OptionValues | undefined {
  const values: Record<string, string | number | boolean> = {};
  for (const option of options.filter(({ required }) => required === true)) {
    const value = someValue(option, world, random, person);
    if (value === undefined) return undefined;
    values[option.name] = value;
  }
  return values;
}

function someValue(
  option: CommandOption,
  world: World,
  random: Random,
  person: Member,
): string | number | boolean | undefined {
  const choice = pick(random, option.choices ?? [])?.value;
  if (choice !== undefined) return choice;
  switch (option.type) {
    case 3:
      return (pick(random, SAYINGS) ?? "yes").slice(0, option.max_length ?? 100);
    case 4:
    case 10:
      return Math.ceil(option.min_value ?? 1);
    case 5:
      return random() < 0.5;
    case 6:
    case 9:
      return person.id;
    case 7:
      return [...world.channels.keys()][0];
    case 8:
      return world.guild.id;
    default:
      return undefined;
  }
}
