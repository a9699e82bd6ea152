import type { Freshness } from "../freshness/freshness.ts";
import { FreshnessLabel } from "../freshness/freshness-label.tsx";

/** A dot and a few words: an embed that looks live must be live. */
export function EmbedFreshness({ freshness }: { readonly freshness: Freshness }) {
  const { tone, label } = freshness;
  return (
    <p className="embed-freshness" data-tone={tone}>
      <span aria-hidden="true" className="embed-dot" />
      <span className="truncate" title={label}>
        <FreshnessLabel freshness={freshness} />
      </span>
    </p>
  );
}
