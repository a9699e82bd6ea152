import type { VoiceRoomsView } from "@guildwire/client";
import { usePreferences } from "../controls/preferences-provider.tsx";
import { RoomMarkChips } from "../controls/room-mark-chips.tsx";
import { SearchBox } from "../controls/search-box.tsx";
import { GuildHeading } from "../page/guild-heading.tsx";
import { marksOf, SEARCH_FROM } from "./room-filter.ts";

/** Fewer rooms than this need no choosing among them. */
const CHIPS_FROM = 6;

interface RoomToolsProps {
  readonly rooms: VoiceRoomsView;
  readonly text: string;
  readonly onText: (text: string) => void;
}

/** Whose rooms these are, and the means to find one of them. */
export function RoomTools({ rooms, text, onText }: RoomToolsProps) {
  const { preferences } = usePreferences();
  const isSearchable = text !== "" || rooms.people.size + rooms.rooms.size >= SEARCH_FROM;
  const hasChips = preferences.marks.length > 0 || rooms.rooms.size >= CHIPS_FROM;
  return (
    <section aria-label="Server" className="tools">
      <GuildHeading rooms={rooms} />
      <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-2.5 sm:justify-end">
        {hasChips && <RoomMarkChips marks={marksOf(rooms)} />}
        {isSearchable && <SearchBox onText={onText} text={text} />}
      </div>
    </section>
  );
}
