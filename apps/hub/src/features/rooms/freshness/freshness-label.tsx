import { LocalTime } from "../../../shell/local-time.tsx";
import { Age } from "./age.tsx";
import type { Freshness } from "./freshness.ts";

/** The words of a freshness. Each is an element that is replaced with its text, so that a translated page goes on telling. */
export function FreshnessLabel({ freshness }: { readonly freshness: Freshness }) {
  const { label, since, age } = freshness;
  return (
    <>
      <span key={label}>{label}</span>
      {age !== null && <Age {...age} />}
      {since !== null && <LocalTime before={label.endsWith("since") ? " " : " since "} timeMs={since} />}
    </>
  );
}
