export { explain, parseWords, print } from "./command.ts";
export { type Failure, type Lifecycle, type LifecycleOptions, startLifecycle } from "./lifecycle.ts";
export { createRefusal, type Refusal } from "./refusal.ts";
