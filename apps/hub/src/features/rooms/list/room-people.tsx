import type { PersonView, RoomView } from "@guildwire/client";
import { PersonItem } from "../people/person-item.tsx";

/** Everybody in a room; on a stage those who speak apart from those who listen. */
export function RoomPeople({ room }: { readonly room: RoomView }) {
  if (room.kind === "voice") return <People people={room.people} roomKind="voice" />;
  const speakers = room.people.filter(({ suppress }) => !suppress);
  const audience = room.people.filter(({ suppress }) => suppress).toSorted(handsFirst);
  return (
    <div className="min-w-0 space-y-3">
      {speakers.length > 0 && <Group people={speakers} title="On stage" />}
      {audience.length > 0 && <Group isAudience people={audience} title="Audience" />}
    </div>
  );
}

/** Who wants to speak is what a moderator looks for. The sort is stable: the others stay by name. */
function handsFirst(a: PersonView, b: PersonView): number {
  return Number(b.handRaised) - Number(a.handRaised);
}

interface GroupProps {
  readonly title: string;
  readonly people: readonly PersonView[];
  readonly isAudience?: boolean;
}

function Group({ title, people, isAudience = false }: GroupProps) {
  return (
    <div>
      <h4 className="mb-1 flex gap-1.5 px-1 font-medium text-faint text-xs">
        <span>{title}</span> <span translate="no">{people.length}</span>
      </h4>
      <People isAudience={isAudience} people={people} roomKind="stage" />
    </div>
  );
}

interface PeopleProps {
  readonly people: readonly PersonView[];
  readonly roomKind: "voice" | "stage";
  readonly isAudience?: boolean;
}

function People({ people, roomKind, isAudience = false }: PeopleProps) {
  return (
    <ul className="people" data-audience={isAudience}>
      {people.map((person) => (
        <PersonItem key={person.id} person={person} roomKind={roomKind} />
      ))}
    </ul>
  );
}
