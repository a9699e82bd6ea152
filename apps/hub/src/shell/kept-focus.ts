/**
 * Where the focus goes when what has it leaves the page: to the same person in another room, to the same room in another
 * form, else to the nearest neighbour that is still there. It never falls to the body, from where a reader begins anew.
 */
const OPENER = "[data-opens]";

/** Selectors of what may have the focus next, the best first. */
export type FocusPath = readonly string[];

/** To be called before the page changes. `null`: the focus is elsewhere. */
export function focusPath(root: HTMLElement): FocusPath | null {
  const focused = document.activeElement;
  if (focused === null || focused === document.body || !root.contains(focused)) return null;
  const person = focused.closest<HTMLElement>("[data-user-id]");
  const room = focused.closest<HTMLElement>("[data-room-id]");
  return [
    ...(person === null ? [] : [selectorOf(person), ...neighbours(person).map(selectorOf)]),
    ...(room === null ? [] : [selectorOf(room), ...roomsAround(root, room).map(selectorOf)]),
  ];
}

/** To be called when the page has changed. */
export function keepFocus(root: HTMLElement, path: FocusPath): void {
  if (document.activeElement !== null && document.activeElement !== document.body) return;
  for (const selector of path) {
    const next = root.querySelector<HTMLElement>(selector);
    if (next === null) continue;
    next.focus({ preventScroll: true });
    return;
  }
  root.closest<HTMLElement>("[tabindex]")?.focus({ preventScroll: true });
}

function selectorOf({ dataset }: HTMLElement): string {
  const { userId, roomId } = dataset;
  return userId === undefined
    ? `[data-room-id="${CSS.escape(roomId ?? "")}"] ${OPENER}`
    : `[data-user-id="${CSS.escape(userId)}"] ${OPENER}`;
}

/** Those behind it, then those before it, the nearest first. */
function neighbours(person: HTMLElement): readonly HTMLElement[] {
  const all = [...(person.parentElement?.querySelectorAll<HTMLElement>(":scope > [data-user-id]") ?? [])];
  return nearest(all, person);
}

function roomsAround(root: HTMLElement, room: HTMLElement): readonly HTMLElement[] {
  return nearest([...root.querySelectorAll<HTMLElement>("[data-room-id]")], room);
}

function nearest(all: readonly HTMLElement[], one: HTMLElement): readonly HTMLElement[] {
  const index = all.indexOf(one);
  return [...all.slice(index + 1), ...all.slice(0, index).reverse()];
}
