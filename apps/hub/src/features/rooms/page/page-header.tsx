import { Wordmark } from "../../../shell/wordmark.tsx";
import { ActivityButton } from "../controls/activity-button.tsx";
import { ThemeButton } from "../controls/theme-button.tsx";
import type { Freshness } from "../freshness/freshness.ts";
import { FreshnessPill } from "../freshness/freshness-pill.tsx";

/** Stays in sight: what this is, and how fresh. */
export function PageHeader({ freshness }: { readonly freshness: Freshness }) {
  return (
    <header className="sticky top-0 z-30 border-line border-b bg-paper">
      <div className="page-width flex h-14 items-center justify-between gap-3">
        <Wordmark />
        <div className="flex min-w-0 items-center gap-1.5">
          <FreshnessPill freshness={freshness} />
          <ActivityButton />
          <ThemeButton />
        </div>
      </div>
    </header>
  );
}
