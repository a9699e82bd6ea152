import { Popover } from "@base-ui/react/popover";
import { RetryButton } from "../../../shell/retry-button.tsx";
import { type FreshnessFacts, freshness } from "../freshness/freshness.ts";
import { freshnessTrail, type Hop } from "../freshness/freshness-trail.ts";

/** Where the news is held up, when it is. */
export function FreshnessDetails({ facts }: { readonly facts: FreshnessFacts }) {
  return (
    <>
      <Popover.Title className="mb-3 font-semibold text-sm">How fresh this is</Popover.Title>
      <ol>
        {freshnessTrail(facts).map((hop) => (
          <TrailHop hop={hop} key={hop.name} />
        ))}
      </ol>
      {freshness(facts).tone !== "live" && (
        <div className="mt-4">
          <RetryButton />
        </div>
      )}
    </>
  );
}

const TONES: Readonly<Record<Hop["tone"], string>> = {
  live: "text-live",
  wait: "text-warn",
  down: "text-bad",
  unknown: "text-faint",
};

function TrailHop({ hop }: { readonly hop: Hop }) {
  return (
    <li className="hop flex gap-3 pb-3 text-sm last:pb-0" data-tone={hop.tone}>
      <span
        aria-hidden="true"
        className={`mt-1.5 size-2 shrink-0 rounded-full bg-current ${TONES[hop.tone]}`}
      />
      <span>
        <span className="font-medium">{hop.name}</span>{" "}
        <span className="text-soft" key={hop.words}>
          {hop.words}
        </span>
      </span>
    </li>
  );
}
