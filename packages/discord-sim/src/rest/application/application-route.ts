import type { ApplicationProfile } from "../../application/applications.ts";
import { wireApplication } from "../../application/wire-application.ts";
import {
  integerRule,
  keptRule,
  listRule,
  objectRule,
  problemsOf,
  type Rules,
  readBody,
  textRule,
} from "../form.ts";
import { type RestAnswer, success } from "../rest-answer.ts";
import { failure, invalidForm } from "../rest-error.ts";
import type { Call, Route } from "../route.ts";

/** The application behind the bot. */
export const APPLICATION_ROUTES: readonly Route[] = [
  { operation: "get_my_application", method: "GET", path: "/applications/@me", answer: shown },
  { operation: "update_my_application", method: "PATCH", path: "/applications/@me", answer: patch },
  {
    operation: "get_application",
    method: "GET",
    path: "/applications/:application",
    answer: own(shown),
  },
  {
    operation: "update_application",
    method: "PATCH",
    path: "/applications/:application",
    answer: own(patch),
  },
  { operation: "get_my_oauth2_application", method: "GET", path: "/oauth2/applications/@me", answer: shown },
];

function own(answer: (call: Call) => RestAnswer): Route["answer"] {
  return (call) =>
    call.parameters["application"] === call.context.application.bot.id
      ? answer(call)
      : failure("UnknownApplication");
}

function shown({ context: { application, seat } }: Call): RestAnswer {
  return success(wireApplication(application, seat.botMember(), seat.worlds.guildIds.length));
}

const RULES: Rules = {
  description: textRule(400),
  interactions_endpoint_url: textRule(512),
  tags: listRule(5),
  flags: integerRule(0, 2 ** 31),
  custom_install_url: textRule(512),
  role_connections_verification_url: textRule(512),
  install_params: objectRule,
  integration_types_config: objectRule,
  event_webhooks_url: textRule(512),
  event_webhooks_status: integerRule(1, 3),
  event_webhooks_types: listRule(20),
  icon: keptRule,
  cover_image: keptRule,
};

/** With `interactions_endpoint_url` no interaction comes over the Gateway any more. Nothing is sent to the address. */
function patch(call: Call): RestAnswer {
  const body = readBody(call.request);
  if (!body.ok) return body.answer;
  const problems = problemsOf(body.fields, RULES);
  if (problems.length > 0) return invalidForm(problems);
  const { application } = call.context;
  const {
    description,
    interactions_endpoint_url: url,
    tags,
    icon,
    cover_image,
    flags: _own,
    ...others
  } = body.fields;
  const before = application.profile;
  const pictures = Object.entries({ icon, cover_image }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value === null ? null : "0".repeat(32)]],
  );
  const profile: ApplicationProfile = {
    description: typeof description === "string" ? description : before.description,
    interactions_endpoint_url:
      url === undefined
        ? before.interactions_endpoint_url
        : typeof url === "string" && url !== ""
          ? url
          : null,
    tags: Array.isArray(tags) ? tags.map(String) : before.tags,
    others: { ...before.others, ...others, ...Object.fromEntries(pictures) },
  };
  application.profile = profile;
  return shown(call);
}
