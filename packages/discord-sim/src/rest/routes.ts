import { APPLICATION_ROUTES } from "./application/application-route.ts";
import { BOT_ROUTES } from "./application/bot-route.ts";
import { COMMAND_ROUTES } from "./application/command-route.ts";
import { CHANNEL_ROUTES } from "./channel/channel-route.ts";
import { INVITE_ROUTES } from "./channel/invite-route.ts";
import { OVERWRITE_ROUTES } from "./channel/overwrite-route.ts";
import { BAN_ROUTES } from "./guild/ban-route.ts";
import { EMOJI_ROUTES } from "./guild/emoji-route.ts";
import { EVENT_ROUTES } from "./guild/event-route.ts";
import { GUILD_ROUTES } from "./guild/guild-route.ts";
import { MEMBER_ROUTES } from "./guild/member-route.ts";
import { ROLE_ROUTES } from "./guild/role-route.ts";
import { STAGE_ROUTES } from "./guild/stage-route.ts";
import { CALLBACK_ROUTES } from "./interaction/callback-route.ts";
import { MESSAGE_ROUTES } from "./message/message-route.ts";
import { PIN_ROUTES } from "./message/pin-route.ts";
import { POLL_ROUTES } from "./message/poll-route.ts";
import { REACTION_ROUTES } from "./message/reaction-route.ts";
import type { Route } from "./route.ts";
import { THREAD_MEMBER_ROUTES } from "./thread/thread-member-route.ts";
import { THREAD_ROUTES } from "./thread/thread-route.ts";
import { WEBHOOK_ROUTES } from "./webhook/webhook-route.ts";
import { WEBHOOK_TOKEN_ROUTES } from "./webhook/webhook-token-route.ts";

/** Every route there is. The table of coverage in the README is made from it (test/coverage). */
export const ROUTES: readonly Route[] = [
  ...BOT_ROUTES,
  ...APPLICATION_ROUTES,
  ...COMMAND_ROUTES,
  ...CALLBACK_ROUTES,
  ...WEBHOOK_TOKEN_ROUTES,
  ...WEBHOOK_ROUTES,
  ...GUILD_ROUTES,
  ...MEMBER_ROUTES,
  ...ROLE_ROUTES,
  ...BAN_ROUTES,
  ...EVENT_ROUTES,
  ...EMOJI_ROUTES,
  ...STAGE_ROUTES,
  ...CHANNEL_ROUTES,
  ...OVERWRITE_ROUTES,
  ...INVITE_ROUTES,
  ...THREAD_ROUTES,
  ...THREAD_MEMBER_ROUTES,
  ...MESSAGE_ROUTES,
  ...PIN_ROUTES,
  ...POLL_ROUTES,
  ...REACTION_ROUTES,
];
