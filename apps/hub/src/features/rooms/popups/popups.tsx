import type { VoiceRoomsView } from "@guildwire/client";
import type { ReactNode } from "react";
import type { FreshnessFacts } from "../freshness/freshness.ts";
import { ActivitySheet } from "./activity-sheet.tsx";
import { DetailsPopover } from "./details-popover.tsx";
import type { Selection } from "./selection.ts";
import { TipLayer } from "./tip-layer.tsx";

export interface PopupsProps {
  readonly selection: Selection | null;
  readonly onClose: () => void;
  readonly rooms: VoiceRoomsView;
  readonly facts: FreshnessFacts;
  readonly guildId: string;
  readonly view: string;
  readonly isOpenView: boolean;
  /** What the sheet of narrow screens holds. */
  readonly side: ReactNode;
}

/** All that floats above the page. */
export function Popups(props: PopupsProps) {
  return (
    <>
      <DetailsPopover {...props} />
      <ActivitySheet isOpen={props.selection?.kind === "activity"} onClose={props.onClose}>
        {props.side}
      </ActivitySheet>
      <TipLayer />
    </>
  );
}
