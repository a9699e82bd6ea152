import type { VoiceValue } from "@guildwire/client/rooms";
import type { EntryMap } from "../../../topics/entry-map.ts";

export type VoiceMap = EntryMap<VoiceValue>;
