/**
 * How people are seen to come, go and change rooms. Before React changes the page the places are measured, afterwards
 * everything starts from where it was and glides to where it is. The page itself is always the new one: what flies is
 * a picture of the person in a layer above, without the attributes that say who is where.
 */
import type { VoiceChange } from "@guildwire/client";

const GLIDE: KeyframeAnimationOptions = { duration: 240, easing: "cubic-bezier(0.2, 0.8, 0.2, 1)" };
const TRAVEL: KeyframeAnimationOptions = { duration: 420, easing: "cubic-bezier(0.3, 0.7, 0.2, 1)" };
const FADE_MS = 180;

/** More at once than this is a crowd: it is shown, not choreographed. */
export const CHANGES_MAX = 16;
/** Neighbours that make room; more than these jump. */
const NEIGHBOURS_MAX = 120;

export interface Places {
  readonly changes: readonly VoiceChange[];
  readonly rooms: ReadonlyMap<string, DOMRect>;
  /** People of the rooms concerned, measured from their room's corner. */
  readonly neighbours: ReadonlyMap<string, Place>;
  readonly leaving: ReadonlyMap<string, { readonly picture: HTMLElement; readonly rect: DOMRect }>;
}

interface Place {
  readonly roomId: string;
  readonly left: number;
  readonly top: number;
}

export function measurePlaces(root: HTMLElement, changes: readonly VoiceChange[]): Places {
  const rooms = new Map<string, DOMRect>();
  for (const room of root.querySelectorAll<HTMLElement>("[data-room-id]")) {
    rooms.set(room.dataset["roomId"] ?? "", room.getBoundingClientRect());
  }
  const leaving = new Map<string, { picture: HTMLElement; rect: DOMRect }>();
  for (const change of changes) {
    const node =
      change.type === "left" || change.type === "moved" ? personNode(root, change.person.id) : null;
    if (node !== null)
      leaving.set(change.person.id, { picture: pictureOf(node), rect: node.getBoundingClientRect() });
  }
  return { changes, rooms, neighbours: placesWithin(root, concerned(changes)), leaving };
}

function concerned(changes: readonly VoiceChange[]): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const change of changes) {
    if (change.type === "moved") ids.add(change.from.id).add(change.to.id);
    else if (change.type !== "updated") ids.add(change.room.id);
  }
  return ids;
}

function placesWithin(root: HTMLElement, roomIds: ReadonlySet<string>): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const roomId of roomIds) {
    const room = root.querySelector<HTMLElement>(`[data-room-id="${CSS.escape(roomId)}"]`);
    const people = room?.querySelectorAll<HTMLElement>("[data-user-id]") ?? [];
    if (room === null || places.size + people.length > NEIGHBOURS_MAX) continue;
    const corner = room.getBoundingClientRect();
    for (const person of people) {
      const rect = person.getBoundingClientRect();
      places.set(person.dataset["userId"] ?? "", {
        roomId,
        left: rect.left - corner.left,
        top: rect.top - corner.top,
      });
    }
  }
  return places;
}

function personNode(root: HTMLElement, userId: string): HTMLElement | null {
  return root.querySelector<HTMLElement>(`[data-user-id="${CSS.escape(userId)}"]`);
}

function pictureOf(node: HTMLElement): HTMLElement {
  const picture = node.cloneNode(true) as HTMLElement;
  picture.removeAttribute("data-user-id");
  picture.removeAttribute("data-flags");
  return picture;
}

export function playChanges(root: HTMLElement, layer: HTMLElement, before: Places): void {
  glideRooms(root, before.rooms);
  glideNeighbours(root, before);
  for (const change of before.changes) {
    const now = personNode(root, change.person.id);
    const old = before.leaving.get(change.person.id);
    if (change.type === "joined" && now !== null) appear(now);
    else if (change.type === "left" && old !== undefined) {
      fadeAway(layer, old.picture, old.rect);
    } else if (change.type === "moved" && old !== undefined) {
      if (now === null) fadeAway(layer, old.picture, old.rect);
      else travel(layer, old.picture, old.rect, now);
    }
  }
}

function isInSight(rect: DOMRect): boolean {
  return rect.bottom > -100 && rect.top < window.innerHeight + 100;
}

function glideRooms(root: HTMLElement, before: ReadonlyMap<string, DOMRect>): void {
  for (const room of root.querySelectorAll<HTMLElement>("[data-room-id]")) {
    const old = before.get(room.dataset["roomId"] ?? "");
    if (old === undefined) continue;
    const now = room.getBoundingClientRect();
    glide(room, old.left - now.left, old.top - now.top, isInSight(old) || isInSight(now));
  }
}

function glideNeighbours(root: HTMLElement, { changes, neighbours }: Places): void {
  const now = placesWithin(root, concerned(changes));
  for (const [userId, place] of now) {
    const old = neighbours.get(userId);
    const node = old?.roomId === place.roomId ? personNode(root, userId) : null;
    if (old !== undefined && node !== null) glide(node, old.left - place.left, old.top - place.top, true);
  }
}

function glide(node: HTMLElement, byX: number, byY: number, isSeen: boolean): void {
  if (!isSeen || (Math.abs(byX) < 1 && Math.abs(byY) < 1)) return;
  node.animate([{ transform: `translate(${byX}px, ${byY}px)` }, { transform: "none" }], GLIDE);
}

function appear(node: HTMLElement): void {
  node.animate(
    [
      { opacity: 0, transform: "scale(0.92)" },
      { opacity: 1, transform: "none" },
    ],
    GLIDE,
  );
}

function placed(layer: HTMLElement, picture: HTMLElement, rect: DOMRect): void {
  picture.style.left = `${rect.left}px`;
  picture.style.top = `${rect.top}px`;
  picture.style.width = `${rect.width}px`;
  layer.append(picture);
}

function fadeAway(layer: HTMLElement, picture: HTMLElement, rect: DOMRect): void {
  if (!isInSight(rect)) return;
  placed(layer, picture, rect);
  const animation = picture.animate([{ opacity: 1 }, { opacity: 0, transform: "scale(0.94)" }], FADE_MS);
  animation.onfinish = () => picture.remove();
}

function travel(layer: HTMLElement, picture: HTMLElement, from: DOMRect, node: HTMLElement): void {
  const to = node.getBoundingClientRect();
  if (!isInSight(from) && !isInSight(to)) return;
  placed(layer, picture, from);
  const way = `translate(${to.left - from.left}px, ${to.top - from.top}px)`;
  const animation = picture.animate([{ transform: "none" }, { transform: way }], TRAVEL);
  animation.onfinish = () => picture.remove();
  node.animate([{ opacity: 0 }, { opacity: 0, offset: 0.85 }, { opacity: 1 }], TRAVEL);
}
