import type { PersonView } from "@guildwire/client";
import { memo } from "react";
import { useElapsed } from "../../../shell/page-clock.tsx";
import { Avatar } from "./avatar.tsx";
import { BotMark } from "./bot-mark.tsx";
import { PersonBadges } from "./person-badges.tsx";
import { personStates } from "./person-state.ts";

interface PersonItemProps {
  readonly person: PersonView;
  readonly roomKind: "voice" | "stage";
}

/**
 * One person in a room. A thousand of these are on a page: it renders again only when this person changed, and has no
 * listeners of its own (see Selection).
 */
export const PersonItem = memo(function PersonItem({ person, roomKind }: PersonItemProps) {
  const isAudience = roomKind === "stage" && person.suppress;
  return (
    <li data-flags={person.flags} data-user-id={person.id}>
      <button aria-haspopup="dialog" className="person" data-opens="person" type="button">
        <span className={person.stream ? "rounded-full ring-2 ring-bad ring-offset-2 ring-offset-card" : ""}>
          <Avatar
            id={person.id}
            name={person.name}
            size={isAudience ? "small" : "medium"}
            url={person.avatarUrl}
          />
        </span>
        <span className="min-w-0 flex-1">
          <span className="flex items-center gap-1.5">
            <bdi className="truncate font-medium" translate="no">
              {person.name}
            </bdi>
            {person.bot && <BotMark />}
            {isAudience && <PersonBadges states={personStates(person, roomKind)} />}
          </span>
          {!isAudience && (
            <span className="flex h-4 items-center gap-1.5 text-faint text-xs">
              <TimeInRoom person={person} />
              <PersonBadges states={personStates(person, roomKind)} />
            </span>
          )}
        </span>
      </button>
    </li>
  );
});

/** A guess is a lower bound: someone whom a snapshot found here has been here for longer than anyone has watched. */
function TimeInRoom({ person }: { readonly person: PersonView }) {
  const elapsed = useElapsed(person.roomSince);
  if (elapsed === "") return null;
  if (person.approx && elapsed === "now") {
    return (
      <span className="whitespace-nowrap">
        <span className="on-wide-cards">already </span>here
      </span>
    );
  }
  return (
    <span className="min-w-0 truncate" translate="no">
      {person.approx ? `${elapsed}+` : elapsed}
    </span>
  );
}
