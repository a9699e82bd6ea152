import { Popover } from "@base-ui/react/popover";
import type { PersonView, RoomView } from "@guildwire/client";
import { Headphones, Mic } from "lucide-react";
import { LocalTime } from "../../../shell/local-time.tsx";
import { useElapsed } from "../../../shell/page-clock.tsx";
import { Avatar } from "../people/avatar.tsx";
import { BotMark } from "../people/bot-mark.tsx";
import { STATE_LOOKS } from "../people/person-badges.tsx";
import { personStates, STATE_WORDS } from "../people/person-state.ts";
import { DiscordLink } from "./discord-link.tsx";

interface PersonDetailsProps {
  readonly person: PersonView;
  readonly room: RoomView;
  readonly guildId: string;
}

/** All that is known of one person, in words. */
export function PersonDetails({ person, room, guildId }: PersonDetailsProps) {
  return (
    <div className="space-y-3">
      <div className="flex items-center gap-3 pr-7">
        <Avatar id={person.id} name={person.name} size="large" url={person.avatarUrl} />
        <div className="min-w-0">
          <Popover.Title className="flex items-center gap-1.5 font-semibold text-lg leading-tight">
            <bdi className="line-clamp-2 min-w-0" translate="no">
              {person.name}
            </bdi>
            {person.bot && <BotMark />}
          </Popover.Title>
          <p className="text-sm text-soft">
            <span>{place(person, room)}</span> <bdi translate="no">{room.name}</bdi>
          </p>
        </div>
      </div>
      <StateList person={person} room={room} />
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
        <Stay label="In this room" person={person} sinceMs={person.roomSince} />
        {person.since !== person.roomSince && (
          <Stay label="In voice" person={person} sinceMs={person.since} />
        )}
      </dl>
      <DiscordLink guildId={guildId} roomId={room.id} />
    </div>
  );
}

function place(person: PersonView, room: RoomView): string {
  if (room.kind === "voice") return "in";
  return person.suppress ? "in the audience of" : "on stage in";
}

function StateList({ person, room }: Pick<PersonDetailsProps, "person" | "room">) {
  const states = personStates(person, room.kind);
  const isHeard = !person.mute && !person.selfMute && !person.suppress;
  const hears = !person.deaf && !person.selfDeaf;
  return (
    <ul className="space-y-1 text-sm">
      {states.map((state) => {
        const { icon: Icon, tone } = STATE_LOOKS[state];
        return (
          <li className="flex items-center gap-2" key={state}>
            <Icon aria-hidden="true" className={`size-4 ${tone}`} />
            <span className="inline-block first-letter:uppercase">{STATE_WORDS[state]}</span>
          </li>
        );
      })}
      {isHeard && hears && (
        <li className="flex items-center gap-2">
          <Mic aria-hidden="true" className="size-4 text-live" />
          Microphone on
        </li>
      )}
      {!isHeard && hears && (
        <li className="flex items-center gap-2">
          <Headphones aria-hidden="true" className="size-4 text-faint" />
          Listening
        </li>
      )}
    </ul>
  );
}

function Stay({
  label,
  sinceMs,
  person,
}: {
  readonly label: string;
  readonly sinceMs: number;
  readonly person: PersonView;
}) {
  const elapsed = useElapsed(sinceMs);
  return (
    <>
      <dt className="text-faint">{label}</dt>
      <dd>
        <span translate="no">
          {person.approx
            ? `at least ${elapsed === "now" ? "a moment" : elapsed}`
            : elapsed === "now"
              ? "just now"
              : elapsed}
        </span>
        {!person.approx && elapsed !== "now" && (
          <span className="text-faint">
            <LocalTime before=", since " timeMs={sinceMs} />
          </span>
        )}
      </dd>
    </>
  );
}
