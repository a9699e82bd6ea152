import { ExternalLink } from "lucide-react";
import { discordUrl } from "./room-links.ts";

export function DiscordLink({ guildId, roomId }: { readonly guildId: string; readonly roomId: string }) {
  return (
    <a className="button" href={discordUrl(guildId, roomId)} rel="noreferrer" target="_blank">
      <ExternalLink aria-hidden="true" className="size-3.5" />
      Open in Discord
      <span className="sr-only"> (new window)</span>
    </a>
  );
}
