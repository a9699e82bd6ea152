/**
 * The page's tooltips: one, shared by everything that has `data-tip`. A thousand people with three badges each need no
 * three thousand. A tip repeats for the eye what the element's own text or label says to everyone else.
 */
import { Tooltip } from "@base-ui/react/tooltip";
import { useEffect, useState } from "react";

const SHOWN_AFTER_MS = 350;

interface Tip {
  readonly text: string;
  readonly anchor: Element;
}

export function TipLayer() {
  const [tip, setTip] = useState<Tip | null>(null);
  useEffect(() => watchTips(setTip), []);
  return (
    <Tooltip.Root onOpenChange={(isOpen) => !isOpen && setTip(null)} open={tip !== null}>
      <Tooltip.Portal>
        <Tooltip.Positioner
          anchor={tip?.anchor ?? null}
          className="pointer-events-none z-50"
          collisionPadding={8}
          sideOffset={6}
        >
          <Tooltip.Popup className="max-w-72 rounded-md bg-ink px-2 py-1 text-paper text-xs shadow-lg">
            {tip?.text}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

function watchTips(show: (tip: Tip | null) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over: Element | null = null;
  const point = (target: EventTarget | null, afterMs: number): void => {
    const anchor = target instanceof Element ? target.closest("[data-tip]") : null;
    if (anchor === over) return;
    over = anchor;
    clearTimeout(timer);
    show(null);
    const text = anchor?.getAttribute("data-tip");
    if (anchor !== null && text) timer = setTimeout(() => show({ text, anchor }), afterMs);
  };
  const listening = new AbortController();
  const options = { signal: listening.signal, passive: true };
  document.addEventListener(
    "pointerover",
    (event) => event.pointerType === "mouse" && point(event.target, SHOWN_AFTER_MS),
    options,
  );
  document.addEventListener("pointerdown", () => point(null, 0), options);
  document.addEventListener(
    "focusin",
    ({ target }) =>
      point(target instanceof Element && target.matches(":focus-visible") ? target : null, SHOWN_AFTER_MS),
    options,
  );
  return () => {
    clearTimeout(timer);
    listening.abort();
  };
}
