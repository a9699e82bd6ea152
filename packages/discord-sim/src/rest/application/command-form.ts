import type { CommandDraft, CommandOption } from "../../world/command-book.ts";
import {
  bitsRule,
  choiceRule,
  type FieldRule,
  type Fields,
  flagRule,
  integerRule,
  keptRule,
  listRule,
  objectRule,
  problemsOf,
  type Rules,
  required,
  textRule,
} from "../form.ts";
import { isObject } from "../message/message-form.ts";
import type { FormProblem } from "../rest-error.ts";

/** What commands may be. Source: https://discord.com/developers/docs/interactions/application-commands */

/** Letters, digits, `-` and `_`, and no capitals where there are small letters. */
const SLASH_NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;

const slashName: FieldRule = (value) =>
  typeof value === "string" && SLASH_NAME.test(value) && value === value.toLowerCase()
    ? undefined
    : {
        code: "APPLICATION_COMMAND_INVALID_NAME",
        message: "Command name is invalid",
      };

const COMMAND_RULES: Rules = {
  id: keptRule,
  type: choiceRule(1, 2, 3),
  name: textRule(32, 1),
  name_localizations: objectRule,
  description: textRule(100),
  description_localizations: objectRule,
  options: listRule(25),
  default_member_permissions: bitsRule,
  dm_permission: flagRule,
  default_permission: flagRule,
  contexts: listRule(3),
  integration_types: listRule(2),
  nsfw: flagRule,
};

const OPTION_RULES: Rules = {
  type: choiceRule(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
  name: slashName,
  name_localizations: objectRule,
  description: textRule(100, 1),
  description_localizations: objectRule,
  required: flagRule,
  choices: listRule(25),
  options: listRule(25),
  channel_types: listRule(20),
  autocomplete: flagRule,
  min_value: keptRule,
  max_value: keptRule,
  min_length: integerRule(0, 6000),
  max_length: integerRule(1, 6000),
};

const CHOICE_RULES: Rules = { name: textRule(100, 1), name_localizations: objectRule, value: keptRule };

const CHARACTERS_MAX = 8000;

/** `isWhole`: the required fields must be there. */
export function commandProblems(fields: Fields, isWhole: boolean, path = ""): readonly FormProblem[] {
  const { type, name, description, options } = fields;
  const isSlash = type === undefined || type === 1;
  const missing = [
    ...(isWhole && name === undefined ? ["name"] : []),
    ...(isWhole && isSlash && (description === undefined || description === "") ? ["description"] : []),
  ];
  const nameProblem = isSlash && name !== undefined ? slashName(name) : undefined;
  const isDescribed = !isSlash && typeof description === "string" && description !== "";
  const list = Array.isArray(options) ? options : [];
  const problems = [
    ...missing.map(required),
    ...problemsOf(fields, COMMAND_RULES),
    ...(nameProblem === undefined ? [] : [{ field: "name", ...nameProblem }]),
    ...(isDescribed ? [{ field: "description", ...NO_DESCRIPTION }] : []),
    ...list.flatMap((option: unknown, index) => optionProblems(option, `options.${index}`)),
    ...orderProblems(list),
    ...(charactersOf(fields) > CHARACTERS_MAX ? [{ field: "options", ...TOO_LONG }] : []),
  ];
  return path === ""
    ? problems
    : problems.map((problem) => ({ ...problem, field: `${path}.${problem.field}` }));
}

const NO_DESCRIPTION = {
  code: "APPLICATION_COMMANDS_DESCRIPTION_NOT_ALLOWED",
  message: "Context menu commands cannot have description",
};
const TOO_LONG = {
  code: "APPLICATION_COMMAND_TOO_LARGE",
  message: `Command exceeds maximum size (${CHARACTERS_MAX})`,
};

function optionProblems(option: unknown, path: string): readonly FormProblem[] {
  const fields = isObject(option) ? option : {};
  const missing = ["type", "name", "description"].filter((name) => fields[name] === undefined);
  const { choices, options, type } = fields;
  const inner = Array.isArray(options) ? options : [];
  const isContainer = type === 1 || type === 2;
  const own = [
    ...missing.map(required),
    ...problemsOf(fields, OPTION_RULES),
    ...(inner.length > 0 && !isContainer ? [{ field: "options", ...NO_OPTIONS }] : []),
    ...(fields["autocomplete"] === true && Array.isArray(choices) && choices.length > 0
      ? [{ field: "autocomplete", ...BOTH }]
      : []),
    ...(Array.isArray(choices) ? choices : []).flatMap((choice: unknown, index) =>
      problemsOf(isObject(choice) ? choice : {}, CHOICE_RULES).map((problem) => ({
        ...problem,
        field: `choices.${index}.${problem.field}`,
      })),
    ),
  ];
  return [
    ...own.map((problem) => ({ ...problem, field: `${path}.${problem.field}` })),
    ...inner.flatMap((child: unknown, index) => optionProblems(child, `${path}.options.${index}`)),
    ...orderProblems(inner).map((problem) => ({ ...problem, field: `${path}.${problem.field}` })),
  ];
}

const NO_OPTIONS = { code: "BASE_TYPE_BAD_TYPE", message: "Only subcommands and groups have options." };
const BOTH = {
  code: "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_WITH_CHOICES",
  message: "Autocomplete cannot be set when choices are present",
};

/** Required options come first, and no two have one name. */
function orderProblems(options: readonly unknown[]): readonly FormProblem[] {
  const list = options.filter(isObject);
  const firstOptional = list.findIndex(({ required: isRequired }) => isRequired !== true);
  const late = list.findIndex(
    (option, index) => option["required"] === true && index > firstOptional && firstOptional >= 0,
  );
  const names = list.map(({ name }) => name);
  const isDoubled = new Set(names).size < names.length;
  return [
    ...(late === -1
      ? []
      : [
          {
            field: `options.${late}`,
            code: "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
            message: "Required options must be placed before non-required options",
          },
        ]),
    ...(isDoubled
      ? [
          {
            field: "options",
            code: "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
            message: "Option name already exists",
          },
        ]
      : []),
  ];
}

/** Names, descriptions and values count together. */
function charactersOf(fields: Fields): number {
  const own = [fields["name"], fields["description"], fields["value"]];
  const lists = [fields["options"], fields["choices"]].flatMap((list) => (Array.isArray(list) ? list : []));
  const length = own.reduce<number>((sum, text) => sum + (typeof text === "string" ? text.length : 0), 0);
  return lists.filter(isObject).reduce((sum, entry) => sum + charactersOf(entry), length);
}

export function commandDraft(fields: Fields): CommandDraft {
  const { id: _chosen, default_permission: _old, ...given } = fields;
  const options = given["options"];
  return {
    ...given,
    type: (given["type"] ?? 1) as 1 | 2 | 3,
    name: String(given["name"]),
    description: typeof given["description"] === "string" ? given["description"] : "",
    ...(Array.isArray(options) ? { options: options as readonly CommandOption[] } : {}),
    default_member_permissions:
      given["default_member_permissions"] === undefined || given["default_member_permissions"] === null
        ? null
        : String(given["default_member_permissions"]),
    nsfw: given["nsfw"] === true,
  };
}
