import { getRequestHeader } from "@tanstack/react-start/server";
import { getRuntime } from "./runtime.ts";

/** Bound to the origin that asks, which browsers say with every POST. */
export function mintPageTicket(): string {
  return getRuntime().mintPageTicket(getRequestHeader("origin"));
}
