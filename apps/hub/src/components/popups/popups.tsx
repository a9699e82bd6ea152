import type { VoiceRoomsView } from "@guildwire/client";
import type { FreshnessFacts } from "../freshness.ts";
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
}

/** All that floats above the page. */
export function Popups(props: PopupsProps) {
  return (
    <>
      <DetailsPopover {...props} />
      <TipLayer />
    </>
  );
}
