import type { VoiceRoomsView } from "@guildwire/client";
import { ArrowRight } from "lucide-react";
import { memo } from "react";
import { Avatar } from "./avatar.tsx";
import { type Activity, useActivity } from "./use-activity.ts";

export function ActivityList({ rooms }: { readonly rooms: VoiceRoomsView }) {
  const activity = useActivity(rooms);
  return (
    <aside aria-labelledby="activity-heading" className="min-w-0">
      <div className="mb-2 flex items-center gap-3">
        <h2 className="font-semibold text-soft text-xs uppercase tracking-[0.09em]" id="activity-heading">
          Recent activity
        </h2>
        <span aria-hidden="true" className="wire" />
      </div>
      {activity.length === 0 ? (
        <p className="text-faint text-sm">Nobody has come or gone since you opened this page.</p>
      ) : (
        <ol className="space-y-0.5">
          {activity.map((item) => (
            <ActivityItem item={item} key={item.id} />
          ))}
        </ol>
      )}
    </aside>
  );
}

const ActivityItem = memo(function ActivityItem({ item }: { readonly item: Activity }) {
  const { person } = item.change;
  const time = new Date(item.atMs);
  return (
    <li className="flex items-start gap-2.5 rounded-lg py-1.5 text-sm">
      <Avatar id={person.id} name={person.name} size="small" url={person.avatarUrl} />
      <p className="min-w-0 flex-1 leading-snug">
        <span className="font-medium">{person.name}</span> <Deed change={item.change} />
      </p>
      <time className="shrink-0 text-faint text-xs leading-5" dateTime={time.toISOString()}>
        {time.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" })}
      </time>
    </li>
  );
});

function Deed({ change }: { readonly change: Activity["change"] }) {
  switch (change.type) {
    case "joined":
      return (
        <span className="text-soft">
          <span className="text-live">joined</span> {change.room.name}
        </span>
      );
    case "left":
      return (
        <span className="text-soft">
          <span className="text-faint">left</span> {change.room.name}
        </span>
      );
    case "moved":
      return (
        <span className="text-soft">
          <span className="text-copper">moved</span> {change.from.name}
          <ArrowRight aria-label="to" className="mx-1 inline size-3.5 align-[-0.15em] text-faint" />
          {change.to.name}
        </span>
      );
    default:
      return change satisfies never;
  }
}
