import type { Message } from "../../world/chat/message.ts";
import { PINS_MAX, pinMessage, pinsOf, unpinMessage } from "../../world/chat/pin-change.ts";
import { Permission } from "../../world/permission.ts";
import { limitOf } from "../form.ts";
import { NO_CONTENT, type RestAnswer, success } from "../rest-answer.ts";
import { failure } from "../rest-error.ts";
import type { Call, Route } from "../route.ts";
import { type Conversation, inConversation } from "./conversation.ts";
import { shown, withMessage } from "./shown-message.ts";

/** Pins by their present routes and by the deprecated ones. */
export const PIN_ROUTES: readonly Route[] = [
  {
    operation: "list_pins",
    method: "GET",
    path: "/channels/:channel/messages/pins",
    answer: inConversation(listPins),
  },
  {
    operation: "create_pin",
    method: "PUT",
    path: "/channels/:channel/messages/pins/:message",
    answer: inConversation(createPin),
  },
  {
    operation: "delete_pin",
    method: "DELETE",
    path: "/channels/:channel/messages/pins/:message",
    answer: inConversation(deletePin),
  },
  {
    operation: "deprecated_list_pins",
    method: "GET",
    path: "/channels/:channel/pins",
    answer: inConversation((conversation, { context }) =>
      success(pinned(conversation).map((message) => shown(message, conversation, context))),
    ),
  },
  {
    operation: "deprecated_create_pin",
    method: "PUT",
    path: "/channels/:channel/pins/:message",
    answer: inConversation(createPin),
  },
  {
    operation: "deprecated_delete_pin",
    method: "DELETE",
    path: "/channels/:channel/pins/:message",
    answer: inConversation(deletePin),
  },
];

function pinned(conversation: Conversation): readonly Message[] {
  return conversation.may(Permission.ReadMessageHistory) ? pinsOf(conversation.messages()) : [];
}

function listPins(conversation: Conversation, { request, context }: Call): RestAnswer {
  const page = limitOf(request.query, { most: 50, usual: 50 });
  if (!page.ok) return page.answer;
  const before = request.query.get("before");
  const pins = pinned(conversation).filter(
    ({ more }) => before === null || Date.parse(more?.pinnedAt ?? "") < Date.parse(before),
  );
  return success({
    items: pins.slice(0, page.limit).map((message) => ({
      pinned_at: message.more?.pinnedAt,
      message: shown(message, conversation, context),
    })),
    has_more: pins.length > page.limit,
  });
}

function createPin(conversation: Conversation, call: Call): RestAnswer {
  const { guild, channelId } = conversation;
  if (guild === undefined) return failure("DirectOnly");
  if (!conversation.may(Permission.PinMessages)) return failure("MissingPermissions");
  return withMessage(conversation, call, (message) => {
    if (pinsOf(conversation.messages()).length >= PINS_MAX) return failure("TooManyPins");
    const bot = call.context.seat.botMember();
    call.context.seat.change(guild.world.guild.id, (world, atMs) =>
      pinMessage(world, { channelId, messageId: message.id }, bot, atMs),
    );
    return NO_CONTENT;
  });
}

function deletePin(conversation: Conversation, call: Call): RestAnswer {
  const { guild, channelId } = conversation;
  if (guild === undefined) return failure("DirectOnly");
  if (!conversation.may(Permission.PinMessages)) return failure("MissingPermissions");
  return withMessage(conversation, call, (message) => {
    call.context.seat.change(guild.world.guild.id, (world) =>
      unpinMessage(world, { channelId, messageId: message.id }),
    );
    return NO_CONTENT;
  });
}
