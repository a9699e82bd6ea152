import type { StateName } from "@guildwire/gateway";

/** The Gateway connection in the words of the health endpoint (public contract). */
export type ConnectionState = "DISCONNECTED" | "CONNECTING" | "IDENTIFYING" | "CONNECTED" | "RECONNECTING";

/** `wasReady`: whether this process has been connected before, which makes connecting a reconnecting. */
export function connectionState(state: StateName, wasReady: boolean): ConnectionState {
  switch (state) {
    case "stopped":
      return "DISCONNECTED";
    case "ready":
      return "CONNECTED";
    case "awaitingIdentifyTurn":
    case "identifying":
      return "IDENTIFYING";
    case "resuming":
      return "RECONNECTING";
    case "disconnected":
    case "connecting":
    case "awaitingHello":
      return wasReady ? "RECONNECTING" : "CONNECTING";
  }
}
