import type { Snowflake } from "@guildwire/discord-wire";
import type { ApplicationCommand, CommandScope } from "../../world/command-book.ts";
import { readBody, readListBody } from "../form.ts";
import { NO_CONTENT, type RestAnswer, success } from "../rest-answer.ts";
import { failure, invalidForm } from "../rest-error.ts";
import type { Call, Route } from "../route.ts";
import { commandDraft, commandProblems } from "./command-form.ts";

/** Commands of an application, for everywhere and for one server. */
const GLOBAL = "/applications/:application/commands";
const GUILD = "/applications/:application/guilds/:guild/commands";

export const COMMAND_ROUTES: readonly Route[] = [
  ...(["", "guild_"] as const).flatMap((scope): readonly Route[] => {
    const path = scope === "" ? GLOBAL : GUILD;
    return [
      { operation: `list_${scope}application_commands`, method: "GET", path, answer: inScope(list) },
      { operation: `create_${scope}application_command`, method: "POST", path, answer: inScope(create) },
      { operation: `bulk_set_${scope}application_commands`, method: "PUT", path, answer: inScope(replace) },
      {
        operation: `get_${scope}application_command`,
        method: "GET",
        path: `${path}/:command`,
        answer: withCommand((command) => success(command)),
      },
      {
        operation: `update_${scope}application_command`,
        method: "PATCH",
        path: `${path}/:command`,
        answer: withCommand(update),
      },
      {
        operation: `delete_${scope}application_command`,
        method: "DELETE",
        path: `${path}/:command`,
        answer: withCommand(remove),
      },
    ];
  }),
  {
    operation: "list_guild_application_command_permissions",
    method: "GET",
    path: `${GUILD}/permissions`,
    answer: inScope((scope, { context }) =>
      success(
        context.application.commands.permissionsIn(scope as Snowflake).map(({ id, permissions }) => ({
          id,
          application_id: context.application.bot.id,
          guild_id: scope,
          permissions,
        })),
      ),
    ),
  },
  {
    operation: "get_guild_application_command_permissions",
    method: "GET",
    path: `${GUILD}/:command/permissions`,
    answer: inScope((scope, { context, parameters }) => {
      const id = parameters["command"] ?? "";
      const permissions = context.application.commands.permissionsOf(scope as Snowflake, id);
      if (permissions === undefined) return failure("UnknownCommandPermissions");
      return success({ id, application_id: context.application.bot.id, guild_id: scope, permissions });
    }),
  },
  {
    operation: "set_guild_application_command_permissions",
    method: "PUT",
    path: `${GUILD}/:command/permissions`,
    // Only for a person's token, which the stand-in does not hand out: `setCommandPermissions` on the control port.
    answer: () => failure("BotsCannot"),
  },
];

/** 10002 for another application, 50001 for a server the bot is not in. */
function inScope(answer: (scope: CommandScope, call: Call) => RestAnswer): Route["answer"] {
  return (call) => {
    const { application, seat } = call.context;
    if (call.parameters["application"] !== application.bot.id) return failure("UnknownApplication");
    const guild = call.parameters["guild"] as Snowflake | undefined;
    if (guild === undefined) return answer("global", call);
    return seat.worlds.worldOf(guild) === undefined ? failure("MissingAccess") : answer(guild, call);
  };
}

function withCommand(
  answer: (command: ApplicationCommand, scope: CommandScope, call: Call) => RestAnswer,
): Route["answer"] {
  return inScope((scope, call) => {
    const command = call.context.application.commands.get(scope, call.parameters["command"]);
    return command === undefined ? failure("UnknownCommand") : answer(command, scope, call);
  });
}

function list(scope: CommandScope, { context }: Call): RestAnswer {
  return success(context.application.commands.list(scope));
}

/** 201 for a new one, 200 when one of that name was there and has been changed. */
function create(scope: CommandScope, { request, context }: Call): RestAnswer {
  const body = readBody(request);
  if (!body.ok) return body.answer;
  const problems = commandProblems(body.fields, true);
  if (problems.length > 0) return invalidForm(problems);
  const { application, atMs } = context;
  const put = application.commands.put(application.bot.id, scope, commandDraft(body.fields), atMs);
  if (typeof put === "string") return limitOf(put);
  return success(put.command, put.isNew ? 201 : 200);
}

function replace(scope: CommandScope, { request, context }: Call): RestAnswer {
  const body = readListBody(request);
  if (!body.ok) return body.answer;
  const problems = body.entries.flatMap((entry, index) => commandProblems(entry, true, String(index)));
  const keys = body.entries.map(({ type, name }) => `${String(type ?? 1)}/${String(name)}`);
  const doubled = keys.findIndex((key, index) => keys.indexOf(key) !== index);
  const message = "Application command names must be unique";
  const double = { field: String(doubled), code: "APPLICATION_COMMANDS_DUPLICATE_NAME", message };
  if (problems.length > 0 || doubled !== -1) {
    return invalidForm([...problems, ...(doubled === -1 ? [] : [double])]);
  }
  const { application, atMs } = context;
  const drafts = body.entries.map(commandDraft);
  const replaced = application.commands.replace(application.bot.id, scope, drafts, atMs);
  return typeof replaced === "string" ? limitOf(replaced) : success(replaced);
}

function update(command: ApplicationCommand, scope: CommandScope, { request, context }: Call): RestAnswer {
  const body = readBody(request);
  if (!body.ok) return body.answer;
  const problems = commandProblems({ type: command.type, ...body.fields }, false);
  if (problems.length > 0) return invalidForm(problems);
  const { application, atMs } = context;
  const { id: _id, type: _type, ...changes } = body.fields;
  const next = commandDraft({ ...command, ...changes });
  const { name, description, options, default_member_permissions, nsfw } = next;
  const draft = {
    ...changes,
    name,
    description,
    default_member_permissions,
    nsfw,
    ...(options === undefined ? {} : { options }),
  };
  return success(application.commands.change(scope, command, draft, atMs));
}

function remove(command: ApplicationCommand, scope: CommandScope, { context }: Call): RestAnswer {
  context.application.commands.delete(scope, command.id);
  return NO_CONTENT;
}

function limitOf(refused: "too many" | "too many today"): RestAnswer {
  return failure(refused === "too many" ? "TooManyCommands" : "TooManyCommandCreates");
}
