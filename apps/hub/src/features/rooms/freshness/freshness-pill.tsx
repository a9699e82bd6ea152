import type { Freshness } from "./freshness.ts";
import { FreshnessLabel } from "./freshness-label.tsx";

const TONES: Readonly<Record<Freshness["tone"], string>> = {
  live: "bg-live-wash text-live",
  wait: "bg-well text-soft",
  stale: "bg-warn-wash text-warn",
  down: "bg-bad-wash text-bad",
};

/** Always in sight: a page that looks live must be live. Pressed, it says where the news is held up. */
export function FreshnessPill({ freshness }: { readonly freshness: Freshness }) {
  const { tone } = freshness;
  return (
    <button
      aria-haspopup="dialog"
      className={`flex h-8 min-w-0 items-center gap-1.5 rounded-full px-2.5 font-medium text-xs sm:gap-2 sm:px-3 sm:text-sm ${TONES[tone]}`}
      data-opens="freshness"
      data-tone={tone}
      type="button"
    >
      <span className="sr-only">Freshness: </span>
      <span
        aria-hidden="true"
        className={`size-2 shrink-0 rounded-full bg-current ${tone === "live" || tone === "wait" ? "pulse" : ""}`}
      />
      <span className="min-w-0 truncate">
        <FreshnessLabel freshness={freshness} />
      </span>
    </button>
  );
}
