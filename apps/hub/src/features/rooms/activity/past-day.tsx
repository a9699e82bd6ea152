import type { RoomView } from "@guildwire/client";
import { createContext, useContext, useMemo } from "react";
import { type PastDay, peakOf, roomSeries } from "./day-series.ts";
import { Sparkline } from "./sparkline.tsx";

/** The last day, for whoever shows a part of it; `null` where the hub keeps no history. */
export const PastDayContext = createContext<PastDay | null>(null);

/** An hour: what a new hub knows before is a splinter, not a line. */
const KNOWN_MIN = 4;

/** A room's last day beside its name. What it says in words is in the room's details and in the plots. */
export function RoomDayLine({ room, className }: { readonly room: RoomView; readonly className: string }) {
  const past = useContext(PastDayContext);
  const { id, peopleCount } = room;
  const people = useMemo(
    () => (past === null ? [] : roomSeries(past, id, peopleCount)),
    [past, id, peopleCount],
  );
  const knownCount = people.filter((count) => count !== null).length;
  if (knownCount < KNOWN_MIN || peakOf(people) === null) return null;
  return <Sparkline className={className} people={people} />;
}
