import { RetryButton } from "../../../shell/retry-button.tsx";
import type { Freshness } from "./freshness.ts";

/**
 * What a lasting loss of freshness means, over the foot of the page so that nothing jumps. The announcement for
 * screen readers is LiveAnnouncement's.
 */
export function FreshnessNotice({ freshness }: { readonly freshness: Freshness }) {
  const { tone, meaning } = freshness;
  if (meaning === null) return null;
  return (
    <aside aria-label="Not live" className="notice" data-tone={tone}>
      <p className="min-w-0 flex-1 text-sm">
        <strong className="font-semibold">This is not live.</strong> <span key={meaning}>{meaning}</span>
      </p>
      {tone === "down" && <RetryButton />}
    </aside>
  );
}
