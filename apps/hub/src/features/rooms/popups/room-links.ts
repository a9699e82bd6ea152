/** Addresses of a room and of its guild elsewhere: in Discord, and on this hub for other people's pages. */
interface RoomPlace {
  /** Of this hub, without a trailing slash. */
  readonly origin: string;
  readonly guildId: string;
  readonly roomId: string;
  readonly view: string;
}

export interface RoomLink {
  readonly label: string;
  readonly hint: string;
  readonly text: string;
}

export function discordUrl(guildId: string, roomId: string): string {
  return `https://discord.com/channels/${guildId}/${roomId}`;
}

export function roomLinks({ origin, guildId, roomId, view }: RoomPlace): readonly RoomLink[] {
  const query = view === "public" ? "" : `?view=${encodeURIComponent(view)}`;
  return [
    {
      label: "Overlay",
      hint: "for a stream, as a browser source",
      text: `${origin}/overlay/${guildId}/${roomId}${query}`,
    },
    { label: "Card", hint: "an image of this room", text: `${origin}/card/${guildId}/${roomId}.svg${query}` },
    { label: "Embed", hint: "all rooms, in a frame", text: `${origin}/embed/${guildId}${query}` },
  ];
}
