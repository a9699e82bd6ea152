import { History } from "lucide-react";

/** On narrow screens, where what was has no place of its own. */
export function ActivityButton() {
  return (
    <button
      aria-haspopup="dialog"
      aria-label="Activity and the last day"
      className="icon-button lg:hidden"
      data-opens="activity"
      data-tip="Activity and the last day"
      type="button"
    >
      <History aria-hidden="true" className="size-4.5" />
    </button>
  );
}
