/** One popover for whatever was pressed. It follows the person it is about, also into another room. */
import { Popover } from "@base-ui/react/popover";
import { X } from "lucide-react";
import { useMemo, useRef } from "react";
import { FreshnessDetails } from "./freshness-details.tsx";
import { PersonDetails } from "./person-details.tsx";
import type { PopupsProps } from "./popups.tsx";
import { RoomDetails } from "./room-details.tsx";
import { isOpener, openerOf, type Selection } from "./selection.ts";
import { ThemeChoice } from "./theme-choice.tsx";

export function DetailsPopover(props: PopupsProps) {
  const { onClose, rooms } = props;
  const selection = props.selection?.kind === "activity" ? null : props.selection;
  const anchor = useAnchor(selection, rooms);
  const latest = useRef<Selection | null>(null);
  if (selection !== null) latest.current = selection;
  return (
    <Popover.Root
      onOpenChange={(isOpen, details) => {
        // The press on another name is a choice, not a dismissal.
        if (details.reason === "outside-press" && isOpener(details.event.target)) details.cancel();
        else if (!isOpen) onClose();
      }}
      open={selection !== null}
    >
      <Popover.Portal>
        <Popover.Positioner
          align={selection !== null && "id" in selection ? "start" : "end"}
          anchor={anchor}
          className="z-50"
          collisionPadding={12}
          side="bottom"
          sideOffset={6}
        >
          <Popover.Popup
            className="popup relative w-76 max-w-[calc(100vw-1.5rem)] p-4"
            finalFocus={() => latest.current === null || (openerOf(latest.current) ?? true)}
          >
            {selection !== null && <Content {...props} selection={selection} />}
            <Popover.Close aria-label="Close" className="icon-button absolute top-2 right-2">
              <X aria-hidden="true" className="size-4" />
            </Popover.Close>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Content(props: PopupsProps & { readonly selection: Selection }) {
  const { selection, rooms, facts, guildId } = props;
  switch (selection.kind) {
    case "freshness":
      return <FreshnessDetails facts={facts} />;
    case "theme":
      return <ThemeChoice />;
    case "activity":
      return null;
    case "room": {
      const room = rooms.rooms.get(selection.id);
      if (room === undefined) return <Gone words="This room is no longer there." />;
      return <RoomDetails {...props} room={room} />;
    }
    case "person": {
      const person = rooms.people.get(selection.id);
      const room = rooms.rooms.get(person?.roomId ?? "");
      if (person === undefined || room === undefined)
        return <Gone words="This person is no longer in voice." />;
      return <PersonDetails guildId={guildId} person={person} room={room} />;
    }
    default:
      return selection satisfies never;
  }
}

function Gone({ words }: { readonly words: string }) {
  return <Popover.Title className="pr-8 text-sm text-soft">{words}</Popover.Title>;
}

/** Where the one who is shown stands now; when they are gone, where they last stood. */
function useAnchor(selection: Selection | null, rooms: PopupsProps["rooms"]) {
  const last = useRef<DOMRect | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the rooms may move the anchor
  return useMemo(() => {
    if (selection === null) return null;
    return {
      get contextElement() {
        return openerOf(selection) ?? document.body;
      },
      getBoundingClientRect(): DOMRect {
        const opener = openerOf(selection);
        if (opener !== null) last.current = opener.getBoundingClientRect();
        return last.current ?? document.body.getBoundingClientRect();
      },
    };
  }, [selection, rooms]);
}
