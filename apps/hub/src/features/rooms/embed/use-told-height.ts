/**
 * Tells the page around this frame how tall it is, so that it can give it that room (public/widget.js does). A height
 * is no secret, so any page may hear it.
 */
import { type RefObject, useEffect } from "react";

export const HEIGHT_MESSAGE = "guildwire:height";

export function useToldHeight(root: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = root.current;
    if (element === null || window.parent === window) return;
    const observer = new ResizeObserver(() => {
      const height = Math.ceil(element.getBoundingClientRect().height);
      window.parent.postMessage({ type: HEIGHT_MESSAGE, height }, "*");
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [root]);
}
