/**
 * Answers to interactions. They need no bot token and stand outside the global limit, so whoever has an interaction can
 * answer it, with a client of its own. Limits that Discord's headers do not show are kept here: per interaction, and per
 * place, because follow-ups to spammed buttons have led to bans.
 * Source: https://discord.com/developers/docs/interactions/receiving-and-responding
 */
import type { Rest, RestOutcome, RestRequestOptions } from "./rest.ts";
import { type RestRoute, type RouteContent, restRoute } from "./route.ts";

export interface InteractionRef {
  readonly id: string;
  readonly token: string;
  readonly applicationId: string;
  /** Since the interaction was received, by a monotonic clock. Not from the id: another host's clock may be wrong. */
  readonly ageMs: number;
  /** The guild, or the channel outside guilds: follow-ups of one place share a limit. */
  readonly placeId?: string;
}

export interface InteractionAnswers {
  /**
   * The first answer: 204, or 200 with the created message for `withResponse`. Sent within 3 s of the interaction or not at all.
   * After an answer that was lost it is repeated: 40060 then says that an answer did arrive, ours or another process'.
   */
  callback(
    interaction: InteractionRef,
    response: { readonly type: number; readonly data?: unknown },
    options?: { readonly withResponse?: boolean },
  ): Promise<RestOutcome>;
  getOriginal(interaction: InteractionRef): Promise<RestOutcome>;
  editOriginal(interaction: InteractionRef, message: unknown): Promise<RestOutcome>;
  deleteOriginal(interaction: InteractionRef): Promise<RestOutcome>;
  /** Never repeated: Discord has no nonce here. */
  followUp(interaction: InteractionRef, message: unknown): Promise<RestOutcome>;
  editFollowUp(interaction: InteractionRef, messageId: string, message: unknown): Promise<RestOutcome>;
  deleteFollowUp(interaction: InteractionRef, messageId: string): Promise<RestOutcome>;
}

/** After these, Discord answers 10062: the interaction is unknown. */
const FIRST_ANSWER_MS = 3_000;
const TOKEN_LIFE_MS = 15 * 60_000;
/** Half of the time for a first answer, so that a lost one can be repeated. */
const CALLBACK_ATTEMPT_MS = 1_500;
/** How long a later answer may wait for a limit. */
const LATER_ANSWER_MS = 60_000;

/** Source: https://github.com/discord/discord-api-docs/issues/2701 */
const PER_INTERACTION = { max: 5, windowMs: 2_000 };
const PER_PLACE = { max: 30, windowMs: 60_000 };

const MESSAGES = "/webhooks/{applicationId}/{interactionToken}/messages";

/** Over a client that may have been opened without a bot token. */
export function createInteractionAnswers(rest: Rest): InteractionAnswers {
  const later = (interaction: InteractionRef, route: RestRoute): Promise<RestOutcome> =>
    rest.request(withQuotas(route, interaction), {
      priority: "interactive",
      deadlineMs: Math.min(LATER_ANSWER_MS, TOKEN_LIFE_MS - interaction.ageMs),
    });
  const original = (method: "GET" | "PATCH" | "DELETE", of: InteractionRef, content?: RouteContent) =>
    later(of, restRoute(method, `${MESSAGES}/@original`, tokenOf(of), content));
  const followUp = (
    method: "PATCH" | "DELETE",
    of: InteractionRef,
    messageId: string,
    content?: RouteContent,
  ) => later(of, restRoute(method, `${MESSAGES}/{messageId}`, { ...tokenOf(of), messageId }, content));

  return {
    callback(interaction, response, { withResponse = false } = {}) {
      const { id, token, ageMs } = interaction;
      const route = restRoute(
        "POST",
        "/interactions/{interactionId}/{interactionToken}/callback",
        { interactionId: id, interactionToken: token },
        { body: response, ...(withResponse ? { query: { with_response: true } } : {}) },
      );
      const options: RestRequestOptions = {
        priority: "interactive",
        deadlineMs: FIRST_ANSWER_MS - ageMs,
        attemptTimeoutMs: CALLBACK_ATTEMPT_MS,
        afterLostAnswer: "repeat",
      };
      return rest.request(route, options);
    },
    getOriginal: (interaction) => original("GET", interaction),
    editOriginal: (interaction, message) => original("PATCH", interaction, { body: message }),
    deleteOriginal: (interaction) => original("DELETE", interaction),
    followUp: (interaction, message) =>
      later(
        interaction,
        restRoute("POST", "/webhooks/{applicationId}/{interactionToken}", tokenOf(interaction), {
          body: message,
        }),
      ),
    editFollowUp: (interaction, messageId, message) =>
      followUp("PATCH", interaction, messageId, { body: message }),
    deleteFollowUp: (interaction, messageId) => followUp("DELETE", interaction, messageId),
  };
}

function tokenOf({ applicationId, token }: InteractionRef) {
  return { applicationId, interactionToken: token };
}

/** Every later call counts for its interaction; those that make a message count for the place as well. */
function withQuotas(route: RestRoute, { id, placeId }: InteractionRef): RestRoute {
  const perInteraction = { key: `interaction ${id}`, ...PER_INTERACTION };
  const perPlace = { key: `place ${placeId}`, ...PER_PLACE };
  const countsForPlace = route.method === "POST" && placeId !== undefined;
  return { ...route, quotas: countsForPlace ? [perInteraction, perPlace] : [perInteraction] };
}
