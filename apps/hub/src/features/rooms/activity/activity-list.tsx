import { ArrowRight } from "lucide-react";
import { memo } from "react";
import { LocalTime } from "../../../shell/local-time.tsx";
import { Avatar } from "../people/avatar.tsx";
import type { Deed } from "./merge-activity.ts";

/** Who came, went or changed rooms, newest first. */
export function ActivityList({ activity }: { readonly activity: readonly Deed[] }) {
  if (activity.length === 0) return <p className="text-faint text-sm">Nobody has come or gone lately.</p>;
  return (
    <ol>
      {withKeys(activity).map(([key, deed]) => (
        <ActivityItem deed={deed} key={key} />
      ))}
    </ol>
  );
}

/** The oldest of several at the same moment keeps its key as others come on top. */
function withKeys(activity: readonly Deed[]): readonly (readonly [string, Deed])[] {
  const counts = new Map<string, number>();
  return activity
    .toReversed()
    .map((deed) => {
      const name = `${deed.atMs}-${deed.type}-${deed.person.id}`;
      const count = counts.get(name) ?? 0;
      counts.set(name, count + 1);
      return [`${name}-${count}`, deed] as const;
    })
    .reverse();
}

const ActivityItem = memo(function ActivityItem({ deed }: { readonly deed: Deed }) {
  const { person } = deed;
  return (
    <li className="deed">
      <Avatar id={person.id} name={person.name} size="small" url={person.avatarUrl} />
      <p className="min-w-0 flex-1 py-[0.1875rem] leading-4.5">
        <bdi className="font-medium" translate="no">
          {person.name}
        </bdi>{" "}
        <DeedWords deed={deed} />
      </p>
      <span className="w-10 shrink-0 text-end text-faint text-xs leading-6">
        <LocalTime timeMs={deed.atMs} />
      </span>
    </li>
  );
});

function DeedWords({ deed }: { readonly deed: Deed }) {
  switch (deed.type) {
    case "joined":
      return (
        <span className="text-soft">
          <span className="text-live">joined</span> <bdi translate="no">{deed.room.name}</bdi>
        </span>
      );
    case "left":
      return (
        <span className="text-soft">
          <span className="text-faint">left</span> <bdi translate="no">{deed.room.name}</bdi>
        </span>
      );
    case "moved":
      return (
        <span className="text-soft">
          <span className="text-copper">moved</span> <bdi translate="no">{deed.room.name}</bdi>
          <ArrowRight aria-hidden="true" className="mx-1 inline size-3.5 align-[-0.15em] text-faint" />
          <span className="sr-only"> to </span>
          <bdi translate="no">{deed.to?.name ?? "another room"}</bdi>
        </span>
      );
    default:
      return deed.type satisfies never;
  }
}
