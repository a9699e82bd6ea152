import { Check, Copy, X } from "lucide-react";
import { useEffect, useState } from "react";

type CopyState = "ready" | "copied" | "refused";
const SHOWN_FOR_MS = 2_000;
const ICONS = { ready: Copy, copied: Check, refused: X } as const;

export function CopyButton({
  label,
  hint,
  text,
}: {
  readonly label: string;
  readonly hint: string;
  readonly text: string;
}) {
  const [state, setState] = useState<CopyState>("ready");
  useEffect(() => {
    if (state === "ready") return;
    const timer = setTimeout(() => setState("ready"), SHOWN_FOR_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setState("copied");
    } catch {
      // Pages without TLS and readers who said no have no clipboard; the address is in the button's tip to be typed.
      setState("refused");
    }
  };
  const Icon = ICONS[state];
  return (
    <button className="copy-row" data-tip={text} onClick={() => void copy()} type="button">
      <Icon
        aria-hidden="true"
        className={`size-3.5 shrink-0 ${state === "copied" ? "text-live" : "text-faint"}`}
      />
      <span className="font-medium">
        <span className="sr-only">Copy link: </span>
        {label}
      </span>
      <span className="min-w-0 flex-1 truncate text-left text-faint">{hint}</span>
      <span aria-live="polite" className="text-live">
        {state === "copied" ? "copied" : state === "refused" ? "no clipboard" : ""}
      </span>
    </button>
  );
}
