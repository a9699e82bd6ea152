import { type ComponentType, useEffect, useState } from "react";
import type { PopupsProps } from "./popups.tsx";

/**
 * Popovers, sheet and tips are fetched after the page works: they are half of its script, and nobody has pressed
 * anything yet. A press before that opens when they are here. When they cannot be had the page does without.
 */
export function PopupLayer(props: PopupsProps) {
  const [Popups, setPopups] = useState<ComponentType<PopupsProps> | null>(null);
  useEffect(() => {
    let isGone = false;
    import("./popups.tsx").then(
      (loaded) => isGone || setPopups(() => loaded.Popups),
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, []);
  return Popups === null ? null : <Popups {...props} />;
}
