import { useSyncExternalStore } from "react";
import type { HubStatus } from "../hub-status.ts";
import { useHubClient } from "./hub-provider.tsx";

const ON_SERVER: HubStatus = { name: "idle" };

/** How the connection stands; the same object until it changes. */
export function useHubStatus(): HubStatus {
  const { status } = useHubClient();
  return useSyncExternalStore(status.subscribe, status.getSnapshot, () => ON_SERVER);
}
