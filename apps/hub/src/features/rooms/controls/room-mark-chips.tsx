import { Toggle } from "@base-ui/react/toggle";
import { ToggleGroup } from "@base-ui/react/toggle-group";
import { ROOM_MARKS, type RoomMark } from "./preferences.ts";
import { usePreferences } from "./preferences-provider.tsx";

const LABELS: Readonly<Record<RoomMark, string>> = {
  occupied: "In use",
  streaming: "On screen",
  stage: "Stages",
};
const TIPS: Readonly<Record<RoomMark, string>> = {
  occupied: "Only rooms somebody is in",
  streaming: "Only rooms with a stream or a camera",
  stage: "Only stages",
};

/** Which rooms to show, of the marks that they can have. The choice outlives the visit. */
export function RoomMarkChips({ marks: offered }: { readonly marks: readonly RoomMark[] }) {
  const { preferences, prefer } = usePreferences();
  return (
    <ToggleGroup
      aria-label="Show only"
      className="flex flex-wrap gap-1.5"
      multiple
      onValueChange={(marks: RoomMark[]) =>
        prefer({
          marks: ROOM_MARKS.filter((mark) =>
            (offered.includes(mark) ? marks : preferences.marks).includes(mark),
          ),
        })
      }
      value={preferences.marks}
    >
      {offered.map((mark) => (
        <Toggle className="chip" data-tip={TIPS[mark]} key={mark} value={mark}>
          {LABELS[mark]}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
