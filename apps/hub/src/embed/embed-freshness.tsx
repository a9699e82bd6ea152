import type { Freshness } from "../components/freshness.ts";
import { LocalTime } from "../components/local-time.tsx";

/** A dot and a few words: an embed that looks live must be live. */
export function EmbedFreshness({ freshness }: { readonly freshness: Freshness }) {
  const { tone, label, since } = freshness;
  return (
    <p className="embed-freshness" data-tone={tone}>
      <span aria-hidden="true" className="embed-dot" />
      <span className="truncate" title={label}>
        {label}
        {since !== null && <LocalTime before={label.endsWith("since") ? " " : " since "} timeMs={since} />}
      </span>
    </p>
  );
}
