/** Payloads as Discord sends them, with every field that matters here. */
import {
  type APIMessage,
  type GatewayMessageCreateDispatchData,
  MessageReferenceType,
  MessageType,
} from "discord-api-types/v10";

export const MESSAGE_ID = "1290000000000000000";

export const author = {
  id: "987654321",
  username: "alice",
  discriminator: "0",
  global_name: "Alice",
  avatar: "a1b2",
} as const;

export function message(fields: Partial<APIMessage> = {}): GatewayMessageCreateDispatchData {
  return {
    id: MESSAGE_ID,
    channel_id: "123456789",
    guild_id: "111222333",
    author: { ...author },
    member: { nick: "Ally", roles: ["5"], joined_at: "2024-01-01T00:00:00.000000+00:00" } as never,
    content: "Hello, world!",
    timestamp: "2024-09-29T18:00:00.000000+00:00",
    edited_timestamp: null,
    tts: false,
    mention_everyone: false,
    mentions: [],
    mention_roles: [],
    attachments: [],
    embeds: [],
    pinned: false,
    type: MessageType.Default,
    ...fields,
  } as GatewayMessageCreateDispatchData;
}

export const reply: Partial<APIMessage> = {
  type: MessageType.Reply,
  message_reference: {
    type: MessageReferenceType.Default,
    channel_id: "123456789",
    message_id: "1280000000000000000",
    guild_id: "111222333",
  },
};
