import type { PersonView, RoomView } from "@guildwire/client";
import { memo } from "react";
import { Avatar } from "../people/avatar.tsx";
import { PersonBadges } from "../people/person-badges.tsx";
import { personStates } from "../people/person-state.ts";

interface PersonChipProps {
  readonly person: PersonView;
  readonly roomKind: RoomView["kind"];
  readonly avatar?: boolean;
  readonly name?: boolean;
  readonly badges?: boolean;
}

/** A person in little: face, name and what they are doing. The sizes are the style sheet's around it. */
export const PersonChip = memo(function PersonChip({
  person,
  roomKind,
  avatar = true,
  name = true,
  badges = true,
}: PersonChipProps) {
  return (
    <li className="person-chip" data-flags={person.flags} data-user-id={person.id}>
      {avatar && (
        <span className="person-chip-face" data-stream={person.stream}>
          <Avatar id={person.id} name={person.name} size="small" url={person.avatarUrl} />
        </span>
      )}
      <span className={name ? "person-chip-name" : "sr-only"} translate="no">
        {person.name}
      </span>
      {badges && <PersonBadges states={personStates(person, roomKind)} />}
    </li>
  );
});
