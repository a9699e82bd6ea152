export * from "./exposition.ts";
export { type FullPipe, openFullPipe } from "./full-pipe.ts";
export { createVirtualClock, type VirtualClock } from "./virtual-clock.ts";
