import type { VoiceRoomsView } from "@guildwire/client";

/** What a card is about. */
export interface CardSubject {
  readonly rooms: VoiceRoomsView;
  /** False: the view holds rooms alone, so rooms without people say nothing about who is there. */
  readonly showsPeople: boolean;
}
