import type { VoiceRoomsView } from "@guildwire/client";
import type { ReactNode } from "react";
import { counted, nounOf } from "../../../shell/counted.ts";
import { Picture } from "../../../shell/picture.tsx";
import { unknownWords } from "../freshness/unknown.ts";
import { roomsAlone } from "./rooms-alone.ts";

/** The server's name and how much is going on in it. */
export function GuildHeading({ rooms }: { readonly rooms: VoiceRoomsView }) {
  const guild = rooms.guild;
  return (
    <div className="flex min-w-0 items-center gap-4">
      <span
        aria-hidden="true"
        className="relative grid size-14 shrink-0 place-items-center overflow-hidden rounded-2xl bg-copper font-semibold text-paper text-xl"
        translate="no"
      >
        {[...(guild?.name ?? "?")][0]?.toLocaleUpperCase("en")}
        <Picture className="absolute inset-0 size-full object-cover" url={guild?.iconUrl ?? null} />
      </span>
      <div className="min-w-0">
        <h1 className="line-clamp-3 font-semibold text-xl leading-tight tracking-[-0.025em] sm:text-2xl">
          <bdi translate={guild === null ? "yes" : "no"}>{guild?.name ?? "Voice rooms"}</bdi>
        </h1>
        <p className="text-soft">{inUse(rooms)}</p>
      </div>
    </div>
  );
}

/** Of what is not known no number is said. */
function inUse(rooms: VoiceRoomsView): ReactNode {
  const unknown = unknownWords(rooms);
  if (unknown !== null) return unknown;
  if (!rooms.showsPeople) return roomsAlone(rooms.rooms.size);
  return (
    <>
      <Count number={rooms.people.size} />{" "}
      <Words text={`${nounOf(rooms.people.size, "person", "people")} in voice,`} />{" "}
      <Count number={rooms.occupiedCount} />{" "}
      <Words text={`of ${counted(rooms.rooms.size, "room", "rooms")} in use`} />
    </>
  );
}

function Count({ number }: { readonly number: number }) {
  return (
    <strong className="font-semibold text-ink" translate="no">
      {number}
    </strong>
  );
}

/** An element of its own: a browser's translation replaces bare texts, which then no longer change. */
function Words({ text }: { readonly text: string }) {
  return <span>{text}</span>;
}
