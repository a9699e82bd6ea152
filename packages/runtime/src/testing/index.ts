export * from "./exposition.ts";
export { type FullPipe, openFullPipe } from "./full-pipe.ts";
export { type ProxyOptions, RefusingProxy } from "./refusing-proxy.ts";
export { createVirtualClock, type VirtualClock } from "./virtual-clock.ts";
