import { counted } from "../../../shell/counted.ts";

/** What is said of a view that shows nobody, where another one counts people: that nobody is there would be a claim. */
export function roomsAlone(rooms: number): string {
  return `${counted(rooms, "room", "rooms")}; who is in them is not shown`;
}
