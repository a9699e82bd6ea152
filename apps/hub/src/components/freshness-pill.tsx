import { useSyncExternalStore } from "react";
import type { Freshness } from "./freshness.ts";

const TONES: Readonly<Record<Freshness["tone"], string>> = {
  live: "bg-live-wash text-live",
  wait: "bg-well text-soft",
  stale: "bg-warn-wash text-warn",
  down: "bg-bad-wash text-bad",
};

/** Always in sight: a page that looks live must be live. */
export function FreshnessPill({ freshness }: { readonly freshness: Freshness }) {
  const { tone, label, since } = freshness;
  return (
    <p
      className={`flex h-8 min-w-0 items-center gap-1.5 rounded-full px-2.5 font-medium text-xs sm:gap-2 sm:px-3 sm:text-sm ${TONES[tone]}`}
      data-tone={tone}
    >
      <span
        aria-hidden="true"
        className={`size-2 shrink-0 rounded-full bg-current ${tone === "live" || tone === "wait" ? "pulse" : ""}`}
      />
      <span className="min-w-0 truncate" title={label}>
        {label}
        {since !== null && <Since timeMs={since} isPhrase={label.endsWith("since")} />}
      </span>
    </p>
  );
}

function Since({ timeMs, isPhrase }: { readonly timeMs: number; readonly isPhrase: boolean }) {
  const isBrowser = useSyncExternalStore(noChanges, inBrowser, onServer);
  if (!isBrowser) return null;
  const time = new Date(timeMs);
  const text = time.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return (
    <time dateTime={time.toISOString()} title={time.toLocaleString()}>
      {isPhrase ? ` ${text}` : ` since ${text}`}
    </time>
  );
}

/** The reader's time zone is known in the browser only. */
const noChanges = (): (() => void) => () => undefined;
const inBrowser = (): boolean => true;
const onServer = (): boolean => false;
