/** What is said in place of numbers while nobody knows who is in voice. Unknown is not zero. */
import type { VoiceRoomsView } from "@guildwire/client";

/** `null`: it is known, or was when it was last heard. */
export function unknownWords({ guild, source }: Pick<VoiceRoomsView, "guild" | "source">): string | null {
  if (source?.status === "gone")
    return "The bot is no longer in this server, so nobody knows who is in voice.";
  return guild === null ? "Who is in voice is not known yet." : null;
}
