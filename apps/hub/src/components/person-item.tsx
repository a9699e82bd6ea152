import type { PersonView } from "@guildwire/client";
import { memo } from "react";
import { Avatar } from "./avatar.tsx";
import { useElapsed } from "./page-clock.tsx";
import { PersonBadges } from "./person-badges.tsx";

/** One person in a room. A thousand of these are on a page: it renders again only when this person changed. */
export const PersonItem = memo(function PersonItem({ person }: { readonly person: PersonView }) {
  return (
    <li
      className="flex min-w-0 items-center gap-2.5 rounded-lg px-1 py-1"
      data-flags={person.flags}
      data-user-id={person.id}
    >
      <span className={person.stream ? "rounded-full ring-2 ring-bad ring-offset-2 ring-offset-card" : ""}>
        <Avatar id={person.id} name={person.name} size="2.125rem" url={person.avatarUrl} />
      </span>
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-1.5">
          <span className="truncate font-medium" title={person.name}>
            {person.name}
          </span>
          {person.bot && (
            <span className="shrink-0 rounded bg-well px-1 font-semibold text-[0.625rem] text-soft leading-4">
              BOT
            </span>
          )}
        </span>
        <span className="flex h-4 items-center gap-1.5 text-faint text-xs">
          <TimeInRoom person={person} />
          <PersonBadges person={person} />
        </span>
      </span>
    </li>
  );
});

/** A guess is a lower bound: someone whom a snapshot found here has been here for longer than anyone has watched. */
function TimeInRoom({ person }: { readonly person: PersonView }) {
  const elapsed = useElapsed(person.roomSince);
  if (!person.approx || elapsed === "") {
    return (
      <span className="whitespace-nowrap" title="in this room">
        {elapsed}
      </span>
    );
  }
  return (
    <span className="whitespace-nowrap" title="at least; this person was here first">
      {elapsed === "now" ? "already here" : `${elapsed}+`}
    </span>
  );
}
