/**
 * How people are seen to come, go and change rooms. Before React changes the page the places are measured, afterwards
 * everything starts from where it was and glides to where it is. The page itself is always the new one: what flies is
 * a picture of the person in a layer above, without the attributes that say who is where.
 *
 * Only rooms in sight are looked into. The browser has not laid out the others (`content-visibility`), and would have
 * to for a single measure.
 */
import type { VoiceChange } from "@guildwire/client";

const GLIDE: KeyframeAnimationOptions = { duration: 240, easing: "cubic-bezier(0.2, 0.8, 0.2, 1)" };
const TRAVEL: KeyframeAnimationOptions = { duration: 420, easing: "cubic-bezier(0.3, 0.7, 0.2, 1)" };
const FADE_MS = 180;

/** More at once than this is a crowd: it is shown, not choreographed. */
export const CHANGES_MAX = 16;
/** Where people come and go faster than this, most of it is shown without: a page of gliding names is not read. */
export const REST_MS = 200;
/** Neighbours that make room; more than these jump. */
const NEIGHBOURS_MAX = 120;

export interface Places {
  readonly changes: readonly VoiceChange[];
  /** Those in sight. */
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
  const rooms = roomsInSight(root);
  const leaving = new Map<string, { picture: HTMLElement; rect: DOMRect }>();
  for (const change of changes) {
    const roomId = roomLeft(change);
    const node = roomId !== undefined && rooms.has(roomId) ? personNode(root, change.person.id) : null;
    if (node !== null)
      leaving.set(change.person.id, { picture: pictureOf(node), rect: node.getBoundingClientRect() });
  }
  return { changes, rooms, neighbours: placesWithin(root, concerned(changes, rooms)), leaving };
}

function roomsInSight(root: HTMLElement): ReadonlyMap<string, DOMRect> {
  const rooms = new Map<string, DOMRect>();
  for (const room of root.querySelectorAll<HTMLElement>("[data-room-id]")) {
    const rect = room.getBoundingClientRect();
    if (isInSight(rect)) rooms.set(room.dataset["roomId"] ?? "", rect);
  }
  return rooms;
}

function roomLeft(change: VoiceChange): string | undefined {
  if (change.type === "left") return change.room.id;
  return change.type === "moved" ? change.from.id : undefined;
}

function roomEntered(change: VoiceChange): string | undefined {
  if (change.type === "joined") return change.room.id;
  return change.type === "moved" ? change.to.id : undefined;
}

function concerned(
  changes: readonly VoiceChange[],
  inSight: ReadonlyMap<string, DOMRect>,
): ReadonlySet<string> {
  const ids = changes.flatMap((change) => [roomLeft(change), roomEntered(change)]);
  return new Set(ids.filter((id) => id !== undefined && inSight.has(id)) as readonly string[]);
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
  const inSight = roomsInSight(root);
  glideRooms(root, before.rooms, inSight);
  glideNeighbours(root, before, inSight);
  for (const change of before.changes) {
    const old = before.leaving.get(change.person.id);
    const entered = roomEntered(change);
    const isArrivalSeen = entered !== undefined && inSight.has(entered);
    const now = isArrivalSeen ? personNode(root, change.person.id) : null;
    if (old !== undefined && now !== null) travel(layer, old.picture, old.rect, now);
    else if (old !== undefined) fadeAway(layer, old.picture, old.rect);
    else if (now !== null) appear(now);
  }
}

function isInSight(rect: DOMRect): boolean {
  return rect.bottom > -100 && rect.top < window.innerHeight + 100;
}

function glideRooms(
  root: HTMLElement,
  before: ReadonlyMap<string, DOMRect>,
  inSight: ReadonlyMap<string, DOMRect>,
): void {
  for (const [roomId, now] of inSight) {
    const old = before.get(roomId);
    const room = root.querySelector<HTMLElement>(`[data-room-id="${CSS.escape(roomId)}"]`);
    if (old !== undefined && room !== null) glide(room, old.left - now.left, old.top - now.top);
  }
}

function glideNeighbours(
  root: HTMLElement,
  { changes, neighbours }: Places,
  inSight: ReadonlyMap<string, DOMRect>,
): void {
  const now = placesWithin(root, concerned(changes, inSight));
  for (const [userId, place] of now) {
    const old = neighbours.get(userId);
    const node = old?.roomId === place.roomId ? personNode(root, userId) : null;
    if (old !== undefined && node !== null) glide(node, old.left - place.left, old.top - place.top);
  }
}

function glide(node: HTMLElement, byX: number, byY: number): void {
  if (Math.abs(byX) < 1 && Math.abs(byY) < 1) return;
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
  placed(layer, picture, rect);
  const animation = picture.animate([{ opacity: 1 }, { opacity: 0, transform: "scale(0.94)" }], FADE_MS);
  animation.onfinish = () => picture.remove();
}

function travel(layer: HTMLElement, picture: HTMLElement, from: DOMRect, node: HTMLElement): void {
  const to = node.getBoundingClientRect();
  placed(layer, picture, from);
  const way = `translate(${to.left - from.left}px, ${to.top - from.top}px)`;
  const animation = picture.animate([{ transform: "none" }, { transform: way }], TRAVEL);
  animation.onfinish = () => picture.remove();
  node.animate([{ opacity: 0 }, { opacity: 0, offset: 0.85 }, { opacity: 1 }], TRAVEL);
}
