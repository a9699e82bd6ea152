import type { Snowflake } from "@guildwire/discord-wire";
import { CONTENT_CHARACTERS_MAX } from "../world/chat/message.ts";
import { POLL_LIMITS } from "../world/chat/poll.ts";
import type { PollDraft } from "../world/chat/sent-message.ts";
import type { SentFile, SimCommand } from "../world/command.ts";
import { CHANNEL_KINDS, PRESENCE_STATUSES } from "../world/world.ts";
import { APPLICATION_COMMANDS } from "./interaction-shape.ts";
import {
  bits,
  count,
  details,
  flag,
  id,
  ids,
  isoDate,
  listOf,
  objectOf,
  oneOf,
  oneOfNumbers,
  optional,
  orNull,
  type Shape,
  text,
} from "./shape.ts";
import type { Shapes } from "./shapes.ts";

/** The JSON of commands, one row for each. A missing row does not compile. */

const NAME_CHARACTERS_MAX = 100;
const STATUS_CHARACTERS_MAX = 500;
const NICK_CHARACTERS_MAX = 32;
const POSITION_MAX = 10_000;
const USER_LIMIT_MAX = 10_000;
const ROLES_MAX = 250;
const DELETIONS_MAX = 100;
const EMOJI_CHARACTERS_MAX = 60;
const TOPIC_CHARACTERS_MAX = 120;
const BYTES_MAX = 2 ** 30;
const REASON_CHARACTERS_MAX = 512;

const selfFlags = { selfMute: optional(flag), selfDeaf: optional(flag) };
const place = {
  position: optional(count(POSITION_MAX)),
  parentId: optional(orNull(id)),
  userLimit: optional(count(USER_LIMIT_MAX)),
  hidden: optional(flag),
  details: optional(details),
};

const messagePlace = { channelId: id, messageId: id };

const SENT_FILE: Shape<SentFile> = {
  filename: text(260),
  contentType: optional(text(NAME_CHARACTERS_MAX)),
  sizeBytes: optional(count(BYTES_MAX)),
  description: optional(text(1024)),
};

const POLL: Shape<PollDraft> = {
  question: text(POLL_LIMITS.question),
  answers: listOf(text(POLL_LIMITS.answer), POLL_LIMITS.answers),
  hours: optional(count(POLL_LIMITS.hours)),
  allowsSeveral: optional(flag),
};

const eventFields = {
  description: optional(orNull(text(1000))),
  channelId: optional(orNull(id)),
  location: optional(orNull(text(NAME_CHARACTERS_MAX))),
  endsAt: optional(orNull(isoDate)),
  details: optional(details),
};

export const COMMANDS: Shapes<SimCommand> = {
  join: { userId: id, channelId: id, ...selfFlags },
  leave: { userId: id },
  move: { userId: id, channelId: id },
  setVoiceFlags: {
    userId: id,
    ...selfFlags,
    stream: optional(flag),
    video: optional(flag),
    mute: optional(flag),
    deaf: optional(flag),
    suppress: optional(flag),
    handRaised: optional(flag),
  },
  setVoiceStatus: { channelId: id, status: orNull(text(STATUS_CHARACTERS_MAX)) },
  createChannel: {
    kind: oneOf(...CHANNEL_KINDS),
    name: text(NAME_CHARACTERS_MAX),
    id: optional(id),
    ...place,
  },
  updateChannel: { channelId: id, name: optional(text(NAME_CHARACTERS_MAX)), ...place },
  deleteChannel: { channelId: id },
  addMember: { name: text(NICK_CHARACTERS_MAX), id: optional(id), bot: optional(flag) },
  renameMember: { userId: id, nick: orNull(text(NICK_CHARACTERS_MAX)) },
  removeMember: { userId: id },
  createRole: {
    name: text(NAME_CHARACTERS_MAX),
    permissions: optional(bits),
    id: optional(id),
    details: optional(details),
  },
  updateRole: {
    roleId: id,
    name: optional(text(NAME_CHARACTERS_MAX)),
    permissions: optional(bits),
    position: optional(count(POSITION_MAX)),
    details: optional(details),
  },
  deleteRole: { roleId: id },
  setMemberRoles: { userId: id, roleIds: ids(ROLES_MAX) },
  setOverwrite: { channelId: id, targetId: id, allow: bits, deny: bits },
  sendMessage: {
    userId: id,
    channelId: id,
    content: optional(text(CONTENT_CHARACTERS_MAX)),
    replyTo: optional(id),
    id: optional(id),
    embeds: optional(listOf(details, 10)),
    attachments: optional(listOf(objectOf<SentFile>(SENT_FILE), 10)),
    stickerIds: optional(ids(3)),
    poll: optional(objectOf<PollDraft>(POLL)),
    forwards: optional(objectOf<{ channelId: Snowflake; messageId: Snowflake }>(messagePlace)),
  },
  editMessage: { ...messagePlace, content: text(CONTENT_CHARACTERS_MAX) },
  deleteMessages: { channelId: id, messageIds: ids(DELETIONS_MAX) },
  react: { ...messagePlace, userId: id, emoji: text(EMOJI_CHARACTERS_MAX) },
  unreact: { ...messagePlace, userId: id, emoji: text(EMOJI_CHARACTERS_MAX) },
  clearReactions: { ...messagePlace, emoji: optional(text(EMOJI_CHARACTERS_MAX)) },
  startTyping: { userId: id, channelId: id },
  setPresence: {
    userId: id,
    status: oneOf(...PRESENCE_STATUSES),
    playing: optional(orNull(text(NAME_CHARACTERS_MAX))),
  },
  setStageTopic: { channelId: id, topic: text(TOPIC_CHARACTERS_MAX) },
  endStage: { channelId: id },
  sendDirectMessage: { userId: id, applicationId: optional(id), content: text(CONTENT_CHARACTERS_MAX) },
  startDirectTyping: { userId: id, applicationId: optional(id) },
  ...APPLICATION_COMMANDS,
  renameGuild: { name: text(NAME_CHARACTERS_MAX) },
  guildUnavailable: {},
  guildAvailable: {},
  removeBot: { applicationId: optional(id) },
  vote: { ...messagePlace, userId: id, answer: count(POLL_LIMITS.answers) },
  unvote: { ...messagePlace, userId: id, answer: count(POLL_LIMITS.answers) },
  endPoll: messagePlace,
  pin: { ...messagePlace, userId: id },
  unpin: messagePlace,
  createThread: {
    userId: id,
    channelId: id,
    name: text(NAME_CHARACTERS_MAX),
    messageId: optional(id),
    isPrivate: optional(flag),
    content: optional(text(CONTENT_CHARACTERS_MAX)),
    appliedTags: optional(ids(5)),
  },
  updateThread: {
    threadId: id,
    name: optional(text(NAME_CHARACTERS_MAX)),
    archived: optional(flag),
    locked: optional(flag),
    invitable: optional(flag),
    autoArchiveMinutes: optional(count(10_080)),
    slowmodeSeconds: optional(count(21_600)),
    appliedTags: optional(ids(5)),
    flags: optional(count(2 ** 31)),
  },
  deleteThread: { threadId: id },
  joinThread: { threadId: id, userId: id },
  leaveThread: { threadId: id, userId: id },
  timeOutMember: { userId: id, until: orNull(isoDate) },
  ban: { userId: id, reason: optional(orNull(text(REASON_CHARACTERS_MAX))) },
  unban: { userId: id },
  createInvite: {
    userId: id,
    channelId: id,
    code: optional(text(NAME_CHARACTERS_MAX)),
    maxAgeSeconds: optional(count(604_800)),
    maxUses: optional(count(100)),
    temporary: optional(flag),
  },
  deleteInvite: { code: text(NAME_CHARACTERS_MAX) },
  createEvent: {
    userId: id,
    name: text(NAME_CHARACTERS_MAX),
    entityType: oneOfNumbers(1, 2, 3),
    startsAt: isoDate,
    ...eventFields,
  },
  updateEvent: {
    eventId: id,
    name: optional(text(NAME_CHARACTERS_MAX)),
    entityType: optional(oneOfNumbers(1, 2, 3)),
    startsAt: optional(isoDate),
    status: optional(oneOfNumbers(1, 2, 3, 4)),
    ...eventFields,
  },
  deleteEvent: { eventId: id },
  followEvent: { eventId: id, userId: id },
  unfollowEvent: { eventId: id, userId: id },
};
