export * from "./exposition.ts";
export { createVirtualClock, type VirtualClock } from "./virtual-clock.ts";
