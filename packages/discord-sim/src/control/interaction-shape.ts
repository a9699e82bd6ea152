import type { ModalValues } from "../application/component-data.ts";
import type { StaffCommand } from "../world/command.ts";
import type { CommandPermission } from "../world/command-book.ts";
import type { InteractionCommand, OptionValues } from "../world/interaction-command.ts";
import {
  bits,
  details,
  type Field,
  flag,
  id,
  listOf,
  objectOf,
  oneOfNumbers,
  optional,
  type Shape,
  text,
} from "./shape.ts";
import type { Shapes } from "./shapes.ts";

/** The JSON of what people do to applications, and of what concerns the stand-in as a whole. */

const NAME_CHARACTERS_MAX = 100;
const COMMAND_NAME_CHARACTERS_MAX = 32;

const commandUse = {
  userId: id,
  channelId: optional(id),
  name: text(COMMAND_NAME_CHARACTERS_MAX),
  applicationId: optional(id),
};
const componentUse = {
  userId: id,
  channelId: optional(id),
  messageId: id,
  customId: text(NAME_CHARACTERS_MAX),
};

const optionValues: Field<OptionValues> = {
  expected: "an object of texts, numbers and booleans",
  required: true,
  accepts: (value): value is OptionValues =>
    details.accepts(value) &&
    Object.values(value).every((entry) => ["string", "number", "boolean"].includes(typeof entry)),
};

const modalValues: Field<ModalValues> = {
  expected: "an object of texts, lists of texts and booleans",
  required: true,
  accepts: (value): value is ModalValues =>
    details.accepts(value) &&
    Object.values(value).every(
      (entry) => Array.isArray(entry) || ["string", "boolean"].includes(typeof entry),
    ),
};

const COMMAND_PERMISSION: Shape<CommandPermission> = {
  id,
  type: oneOfNumbers(1, 2, 3),
  permission: flag,
};

export const APPLICATION_COMMANDS: Shapes<InteractionCommand | StaffCommand> = {
  useCommand: {
    ...commandUse,
    options: optional(optionValues),
    subcommand: optional(text(NAME_CHARACTERS_MAX)),
  },
  autocomplete: {
    ...commandUse,
    focused: text(COMMAND_NAME_CHARACTERS_MAX),
    options: optional(optionValues),
    subcommand: optional(text(NAME_CHARACTERS_MAX)),
  },
  useUserCommand: { ...commandUse, targetId: id },
  useMessageCommand: { ...commandUse, messageId: id },
  pressButton: componentUse,
  select: { ...componentUse, values: listOf(text(NAME_CHARACTERS_MAX), 25) },
  submitModal: { userId: id, interactionId: id, values: optional(modalValues) },
  addGuild: { id: optional(id), name: optional(text(NAME_CHARACTERS_MAX)) },
  addBot: { applicationId: id, permissions: optional(bits) },
  setCommandPermissions: {
    commandId: id,
    permissions: listOf(objectOf<CommandPermission>(COMMAND_PERMISSION), 100),
  },
};
