/**
 * What the reader wants to know more of. Whatever can be pressed for that has `data-opens` and no listener of its own:
 * a thousand people on a page share one.
 */
import { type RefObject, useCallback, useEffect, useState } from "react";

export type Selection =
  | { readonly kind: "person" | "room"; readonly id: string }
  | { readonly kind: "freshness" | "theme" | "activity" };

const OPENER = "[data-opens]";

export function isOpener(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(OPENER) !== null;
}

/** The button of what is selected, where it stands now; `null` when it is not on the page. */
export function openerOf(selection: Selection): HTMLElement | null {
  const opener = `[data-opens=${selection.kind}]`;
  if (!("id" in selection)) return document.querySelector<HTMLElement>(opener);
  const owner = selection.kind === "person" ? "user" : "room";
  return document.querySelector<HTMLElement>(`[data-${owner}-id="${CSS.escape(selection.id)}"] ${opener}`);
}

/** Follows presses on the openers below `root`; a second press closes. */
export function useSelection(root: RefObject<HTMLElement | null>) {
  const [selection, setSelection] = useState<Selection | null>(null);
  useEffect(() => {
    const onClick = ({ target }: MouseEvent): void => {
      const pressed = target instanceof Element ? selectionAt(target) : null;
      if (pressed !== null) setSelection((now) => (isSame(now, pressed) ? null : pressed));
    };
    const element = root.current;
    element?.addEventListener("click", onClick);
    return () => element?.removeEventListener("click", onClick);
  }, [root]);
  const clear = useCallback(() => setSelection(null), []);
  return { selection, clear };
}

function selectionAt(target: Element): Selection | null {
  const kind = target.closest<HTMLElement>(OPENER)?.dataset["opens"];
  switch (kind) {
    case "freshness":
    case "theme":
    case "activity":
      return { kind };
    case "person":
      return withId(kind, target.closest<HTMLElement>("[data-user-id]")?.dataset["userId"]);
    case "room":
      return withId(kind, target.closest<HTMLElement>("[data-room-id]")?.dataset["roomId"]);
    default:
      return null;
  }
}

function withId(kind: "person" | "room", id: string | undefined): Selection | null {
  return id === undefined ? null : { kind, id };
}

function isSame(a: Selection | null, b: Selection): boolean {
  return a?.kind === b.kind && ("id" in a ? a.id : null) === ("id" in b ? b.id : null);
}
