/** V8's collector, for the two moments at which the worker knows better than V8 does that there is much to find. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

type Collect = (how: { readonly type: "minor" | "major"; readonly flavor?: "last-resort" }) => void;

let collector: Collect | undefined;

/** What was made a moment ago: less than a millisecond, as `main.ts` keeps the young generation at a megabyte. */
export function collectYoung(): void {
  collect({ type: "minor" });
}

/** All that can be done without, code that ran once as well, and what that leaves empty is given back: some 60 ms. */
export function collectAll(): void {
  collect({ type: "major", flavor: "last-resort" });
}

const collect: Collect = (how) => {
  collector ??= collectorOfV8();
  collector(how);
};

/**
 * V8 hands its collector to a context that is made while a flag is set. Where it does not, nothing is collected. Fetched
 * when it is first needed.
 */
function collectorOfV8(): Collect {
  setFlagsFromString("--expose-gc");
  const exposed = runInNewContext("globalThis.gc") as Collect | undefined;
  setFlagsFromString("--no-expose-gc");
  return exposed ?? (() => undefined);
}
