import { Dialog } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactNode } from "react";

interface ActivitySheetProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Where there is no place beside the rooms: what was, over them from the foot of the page. */
export function ActivitySheet({ isOpen, onClose, children }: ActivitySheetProps) {
  return (
    <Dialog.Root onOpenChange={(stays) => !stays && onClose()} open={isOpen}>
      <Dialog.Portal>
        <Dialog.Backdrop className="sheet-backdrop" />
        <Dialog.Popup className="sheet">
          <div className="mb-3 flex items-center justify-between">
            <Dialog.Title className="font-semibold text-lg">Lately</Dialog.Title>
            <Dialog.Close aria-label="Close" className="icon-button">
              <X aria-hidden="true" className="size-4" />
            </Dialog.Close>
          </div>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
