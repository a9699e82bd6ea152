/** People over the last day: all rooms together, and each room below, with one mark through all of them. */
import { Toggle } from "@base-ui/react/toggle";
import type { VoiceRoomsView } from "@guildwire/client";
import { type PointerEvent, useContext, useMemo, useState } from "react";
import { counted } from "../../../shell/counted.ts";
import { timeOfDay, useIsBrowser } from "../../../shell/local-time.tsx";
import { type Day, dayOf, peakOf, type RoomDay, type Series } from "./day-series.ts";
import { DayTable } from "./day-table.tsx";
import { PastDayContext } from "./past-day.tsx";
import { Sparkline } from "./sparkline.tsx";

export function DayPlot({ rooms }: { readonly rooms: VoiceRoomsView }) {
  const past = useContext(PastDayContext);
  const day = useMemo(() => (past === null ? null : dayOf(past, rooms)), [past, rooms]);
  const [isTable, setIsTable] = useState(false);
  if (day === null || day.total.length === 0)
    return <p className="text-faint text-sm">Nothing is known of the last day yet.</p>;
  return (
    <div className="space-y-4">
      <div className="flex items-center justify-between gap-3">
        <p className="text-faint text-xs">The most at once, every 15 minutes</p>
        <Toggle className="chip" onPressedChange={setIsTable} pressed={isTable}>
          As a table
        </Toggle>
      </div>
      {isTable ? <DayTable day={day} /> : <Plots day={day} />}
    </div>
  );
}

function Plots({ day }: { readonly day: Day }) {
  const [at, setAt] = useState<number | null>(null);
  const last = day.total.length - 1;
  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    const plot = event.target instanceof Element ? event.target.closest("[data-plot]") : null;
    if (plot === null) return;
    const { left, width } = plot.getBoundingClientRect();
    setAt(Math.max(0, Math.min(last, Math.floor(((event.clientX - left) / width) * (last + 1)))));
  };
  return (
    <div onPointerLeave={() => setAt(null)} onPointerMove={onPointerMove}>
      <Readout at={at} day={day} />
      <div className="day-total" data-plot="">
        <Sparkline at={at} className="h-24" people={day.total} />
        <input
          aria-label="Time of the day to read the plots at"
          aria-valuetext={spoken(day, at ?? last)}
          className="absolute inset-0 m-0 cursor-crosshair opacity-0"
          max={last}
          min={0}
          onBlur={() => setAt(null)}
          onChange={(event) => setAt(Number(event.target.value))}
          type="range"
          value={at ?? last}
        />
      </div>
      <p aria-hidden="true" className="mt-1 mb-4 flex justify-between text-faint text-xs">
        <span>24 h ago</span>
        <span>12 h ago</span>
        <span>now</span>
      </p>
      <ul className="space-y-2">
        {day.rooms.map((room) => (
          <RoomPlot at={at} day={day} key={room.id} room={room} />
        ))}
      </ul>
    </div>
  );
}

function Readout({ day, at }: { readonly day: Day; readonly at: number | null }) {
  const count = at === null ? day.rooms.reduce((sum, { now }) => sum + now, 0) : (day.total[at] ?? null);
  return (
    <p className="mb-1 flex items-baseline gap-2">
      <strong className="font-semibold text-2xl tracking-[-0.02em]">{count ?? "–"}</strong>
      <span className="text-sm text-soft">
        {at === null
          ? "in voice now"
          : count === null
            ? `not known at ${timeAt(day, at)}`
            : `at ${timeAt(day, at)}`}
      </span>
    </p>
  );
}

function RoomPlot({
  room,
  day,
  at,
}: {
  readonly room: RoomDay;
  readonly day: Day;
  readonly at: number | null;
}) {
  const value = at === null ? room.now : (room.people[at] ?? null);
  return (
    <li className="grid grid-cols-[minmax(0,7rem)_minmax(0,1fr)_2rem] items-center gap-3 text-sm">
      <bdi className="truncate text-soft">{room.name}</bdi>
      <Sparkline at={at} className="h-7" people={room.people} />
      <span aria-hidden="true" className={value === 0 ? "text-end text-faint" : "text-end font-medium"}>
        {value ?? "–"}
      </span>
      <RoomWords day={day} room={room} />
    </li>
  );
}

function RoomWords({ room, day }: { readonly room: RoomDay; readonly day: Day }) {
  const isBrowser = useIsBrowser();
  const peak = peakOf(room.people);
  const most =
    peak === null
      ? // What nobody watched is not known to have been empty.
        hasGaps(room.people)
        ? "nobody seen"
        : "empty all day"
      : `at most ${peak.count}${isBrowser ? `, at ${timeAt(day, peak.index)}` : ""}`;
  return (
    <span className="sr-only">
      {room.now} now, {most}
      {hasGaps(room.people) && "; not known all day long"}
    </span>
  );
}

function hasGaps(people: Series): boolean {
  return people.includes(null);
}

export function timeAt(day: Day, index: number): string {
  return timeOfDay(new Date(day.fromMs + index * day.stretchMs));
}

function spoken(day: Day, index: number): string {
  const count = day.total[index] ?? null;
  return `${timeAt(day, index)}: ${count === null ? "not known" : counted(count, "person", "people")}`;
}
