import { Tabs } from "@base-ui/react/tabs";
import type { VoiceRoomsView } from "@guildwire/client";
import { ActivityList } from "./activity-list.tsx";
import { DayPlot } from "./day-plot.tsx";
import type { Deed } from "./merge-activity.ts";

interface SidePanelProps {
  readonly activity: readonly Deed[];
  readonly rooms: VoiceRoomsView;
}

/** What was, beside what is: who came and went, and the last day as plots. */
export function SidePanel({ activity, rooms }: SidePanelProps) {
  if (!rooms.showsPeople)
    return <p className="text-faint text-sm">Who comes and goes is not shown in this view.</p>;
  return (
    <Tabs.Root defaultValue="activity">
      <Tabs.List aria-label="Lately" className="segments mb-3">
        <Tabs.Tab className="segment" value="activity">
          Activity
        </Tabs.Tab>
        <Tabs.Tab className="segment" value="day">
          Last 24 hours
        </Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel className="side-panel" value="activity">
        <ActivityList activity={activity} />
      </Tabs.Panel>
      <Tabs.Panel className="side-panel" value="day">
        <DayPlot rooms={rooms} />
      </Tabs.Panel>
    </Tabs.Root>
  );
}
