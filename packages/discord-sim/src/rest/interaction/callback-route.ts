import {
  allowedCallbacks,
  CallbackType,
  type Interaction,
  type InteractionAnswer,
  InteractionType,
} from "../../application/interaction.ts";
import { isoTime } from "../../world/iso-time.ts";
import {
  type Fields,
  keptRule,
  listRule,
  objectRule,
  problemsOf,
  type Rules,
  readBody,
  required,
  textRule,
} from "../form.ts";
import { componentProblems, withComponentIds } from "../message/component-form.ts";
import { readDraft, readEdit } from "../message/message-draft.ts";
import { isObject, MessageFlag } from "../message/message-form.ts";
import type { UploadedFile } from "../multipart.ts";
import { NO_CONTENT, type RestAnswer, success } from "../rest-answer.ts";
import type { FormProblem } from "../rest-error.ts";
import { failure, invalidForm } from "../rest-error.ts";
import type { Call, Route } from "../route.ts";
import { exchangeIn, postAs, shownIn } from "./interaction-message.ts";

/** The first answer to an interaction. Needs no bot token, and is outside the limit of all calls together. */
export const CALLBACK_ROUTES: readonly Route[] = [
  {
    operation: "create_interaction_response",
    method: "POST",
    path: "/interactions/:interaction/:token/callback",
    isOpen: true,
    isOutsideGlobalLimit: true,
    bucket: { name: "interaction callbacks", calls: 5, windowMs: 2000 },
    answer: callback,
  },
];

/** 10062 for an unknown one and after three seconds, 40060 for a second answer. */
function callback(call: Call): RestAnswer {
  const { desk } = call.context;
  const interaction = desk.byId(call.parameters["interaction"]);
  if (interaction === undefined || interaction.token !== call.parameters["token"]) {
    return failure("UnknownInteraction");
  }
  const body = readBody(call.request);
  if (!body.ok) return body.answer;
  const problems = bodyProblems(body.fields, interaction);
  if (problems.length > 0) return invalidForm(problems);
  const may = desk.mayAnswer(interaction);
  if (may === "twice") return failure("AlreadyAcknowledged");
  if (may === "too late") return failure("UnknownInteraction");
  const type = Number(body.fields["type"]);
  const data = isObject(body.fields["data"]) ? body.fields["data"] : {};
  const carried = carryOut(type, data, body.files, interaction, call);
  if (!carried.ok) return carried.answer;
  desk.answer(interaction, carried.given);
  const withResponse = ["true", "1", "True"].includes(call.request.query.get("with_response") ?? "");
  return withResponse ? success(response(interaction, type, call)) : NO_CONTENT;
}

function bodyProblems(fields: Fields, interaction: Interaction): readonly FormProblem[] {
  const { type } = fields;
  if (type === undefined || type === null) return [required("type")];
  const allowed = allowedCallbacks(interaction);
  const unknown = problemsOf(fields, { type: keptRule, data: objectRule });
  if (typeof type === "number" && allowed.includes(type)) return unknown;
  const message = `Value must be one of {${allowed.join(", ")}}.`;
  return [...unknown, { field: "type", code: "BASE_TYPE_CHOICES", message }];
}

type Carried =
  | { readonly ok: true; readonly given: Omit<InteractionAnswer, "atMs"> }
  | { readonly ok: false; readonly answer: RestAnswer };

function carryOut(
  type: number,
  data: Fields,
  files: readonly UploadedFile[],
  interaction: Interaction,
  call: Call,
): Carried {
  switch (type) {
    case CallbackType.Message:
      return sendMessage(type, data, files, interaction, call);
    case CallbackType.DeferredMessage:
      return defer(data, interaction, call);
    case CallbackType.DeferredUpdate:
      return given({ type, isEphemeral: interaction.isMessageEphemeral, messageId: interaction.message?.id });
    case CallbackType.UpdateMessage:
      return updateMessage(data, files, interaction, call);
    case CallbackType.Choices:
      return refusedOr(choiceProblems(data), { type, data });
    case CallbackType.Modal:
      return refusedOr(modalProblems(data), { type, data: modalOf(data) });
    default:
      return given({ type });
  }
}

function given(answer: Partial<InteractionAnswer> & { readonly type: number }): Carried {
  const none = { isEphemeral: false, messageId: undefined, isLoading: false, data: undefined };
  return { ok: true, given: { ...none, ...answer } };
}

function refusedOr(
  problems: readonly FormProblem[],
  answer: Partial<InteractionAnswer> & { readonly type: number },
): Carried {
  return problems.length > 0 ? { ok: false, answer: invalidForm(nested(problems)) } : given(answer);
}

/** Discord names the fields below `data`. */
function nested(problems: readonly FormProblem[]): readonly FormProblem[] {
  return problems.map((problem) => ({ ...problem, field: `data.${problem.field}` }));
}

function sendMessage(
  type: number,
  data: Fields,
  files: readonly UploadedFile[],
  interaction: Interaction,
  call: Call,
): Carried {
  const place = { channelId: interaction.channelId, files: call.context.files, atMs: call.context.atMs };
  const drafting = readDraft(data, files, "answer", place);
  if (!drafting.ok) return drafting;
  const isEphemeral = ((drafting.draft.flags ?? 0) & MessageFlag.Ephemeral) !== 0;
  const message = postAs(interaction, drafting.draft, isEphemeral, call);
  if (message === undefined) return { ok: false, answer: failure("UnknownChannel") };
  return given({ type, isEphemeral, messageId: message.id });
}

/** The only flag it may have is EPHEMERAL; Components V2 come with the edit. */
function defer(data: Fields, interaction: Interaction, call: Call): Carried {
  const flags = Number(data["flags"] ?? 0);
  const problems = problemsOf(data, { flags: keptRule });
  if ((flags & ~MessageFlag.Ephemeral) !== 0) {
    const message = `Flags ${flags & ~MessageFlag.Ephemeral} cannot be set here.`;
    return refusedOr([...problems, { field: "flags", code: "MESSAGE_FLAGS_INVALID", message }], { type: 5 });
  }
  if (problems.length > 0) return refusedOr(problems, { type: 5 });
  const isEphemeral = (flags & MessageFlag.Ephemeral) !== 0;
  const draft = { content: "", flags: flags | MessageFlag.Loading };
  const message = postAs(interaction, draft, isEphemeral, call);
  if (message === undefined) return { ok: false, answer: failure("UnknownChannel") };
  return given({ type: CallbackType.DeferredMessage, isEphemeral, messageId: message.id, isLoading: true });
}

function updateMessage(
  data: Fields,
  files: readonly UploadedFile[],
  interaction: Interaction,
  call: Call,
): Carried {
  const { message, isMessageEphemeral } = interaction;
  if (message === undefined) return { ok: false, answer: failure("UnknownMessage") };
  const place = { channelId: message.channelId, files: call.context.files, atMs: call.context.atMs };
  const editing = readEdit(message, data, files, place);
  if (!editing.ok) return editing;
  const edited = { ...editing.message, editedAt: isoTime(call.context.atMs) };
  if (!exchangeIn(interaction, edited, editing.allowed, call)) {
    return { ok: false, answer: failure("UnknownMessage") };
  }
  return given({ type: CallbackType.UpdateMessage, isEphemeral: isMessageEphemeral, messageId: message.id });
}

const CHOICE_RULES: Rules = { name: textRule(100, 1), name_localizations: objectRule, value: keptRule };

function choiceProblems(data: Fields): readonly FormProblem[] {
  const { choices } = data;
  if (!Array.isArray(choices)) return [required("choices")];
  return [
    ...problemsOf(data, { choices: listRule(25) }),
    ...choices.flatMap((choice: unknown, index) => {
      const fields = isObject(choice) ? choice : {};
      const missing = ["name", "value"].filter((name) => fields[name] === undefined);
      return [...missing.map(required), ...problemsOf(fields, CHOICE_RULES)].map((problem) => ({
        ...problem,
        field: `choices.${index}.${problem.field}`,
      }));
    }),
  ];
}

function modalProblems(data: Fields): readonly FormProblem[] {
  const missing = ["custom_id", "title", "components"].filter((name) => data[name] === undefined);
  return [
    ...missing.map(required),
    ...problemsOf(data, { custom_id: textRule(100, 1), title: textRule(45, 1), components: listRule(5) }),
    ...componentProblems(data["components"], "modal"),
  ];
}

function modalOf(data: Fields): Fields {
  const { components } = data;
  return { ...data, components: withComponentIds(Array.isArray(components) ? components : []) };
}

/** What `with_response=true` gives back. */
function response(interaction: Interaction, type: number, call: Call): unknown {
  const { answer } = interaction;
  const message = shownIn(interaction, answer?.messageId, call);
  const isCommand = interaction.type === InteractionType.Command;
  const makesMessage = type === CallbackType.Message || type === CallbackType.DeferredMessage;
  const shows = type === CallbackType.Message || type === CallbackType.UpdateMessage;
  return {
    interaction: {
      id: interaction.id,
      type: interaction.type,
      ...(answer?.messageId === undefined || !(makesMessage || isCommand || shows)
        ? {}
        : { response_message_id: answer.messageId }),
      response_message_loading: answer?.isLoading ?? false,
      response_message_ephemeral: answer?.isEphemeral ?? false,
      channel_id: interaction.channelId,
      ...(interaction.guildId === null ? {} : { guild_id: interaction.guildId }),
    },
    resource: { type, ...(shows && message !== undefined ? { message } : {}) },
  };
}
