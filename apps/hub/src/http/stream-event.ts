/**
 * Messages of `hub/1` as server-sent events. Source: https://html.spec.whatwg.org/multipage/server-sent-events.html
 *
 *   event: d
 *   id: life1:853
 *   data: {"t":"d","topic":"voice/…","f":852,"o":853,…}
 *
 * The data is the very frame that sockets get. The id is where the browser stands after the event, and it says so by
 * itself when it comes back; an event without one leaves the id as it was.
 */
import type { Position, ServerMessage } from "@guildwire/live";
import { positionText } from "./position-text.ts";

export type StreamEventName = "snap" | "d" | "tick" | "fresh";

export type EncodeEvent = (name: StreamEventName, frame: Uint8Array, position?: Position) => Uint8Array;

const END = Buffer.from("\n\n");

/** A frame is shared by all who get it, and so is the event made of it: one encoding for as long as the frame lives. */
export function createEventEncoder(): EncodeEvent {
  const made = new WeakMap<Uint8Array, Uint8Array>();
  return (name, frame, position) => {
    const known = made.get(frame);
    if (known !== undefined) return known;
    const id = position === undefined ? "" : `id: ${positionText(position)}\n`;
    const event = Buffer.concat([Buffer.from(`event: ${name}\n${id}data: `), frame, END]);
    made.set(frame, event);
    return event;
  };
}

/** A message that this reader alone gets. */
export function messageEvent(message: ServerMessage): Uint8Array {
  return Buffer.from(`event: ${message.t}\ndata: ${JSON.stringify(message)}\n\n`);
}

/** How long the browser stays away after the stream has ended. */
export function retryField(afterMs: number): Uint8Array {
  return Buffer.from(`retry: ${Math.round(afterMs)}\n\n`);
}
