import { useVoiceChanges } from "@guildwire/client/react";
import { useEffect, useState } from "react";

const SHOWN_MS = 4_000;

interface Toast {
  readonly text: string;
  readonly number: number;
}

/** The last person to come. Whoever is there when the page opens has not just come. */
export function JoinToast() {
  const [toast, setToast] = useState<Toast>();
  useVoiceChanges({
    onJoin: ({ person, room }) =>
      setToast((last) => ({ text: `${person.name} joined ${room.name}`, number: (last?.number ?? 0) + 1 })),
  });
  useEffect(() => {
    if (toast === undefined) return undefined;
    const timer = setTimeout(() => setToast(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [toast]);
  return (
    <p aria-live="polite" className="toast" hidden={toast === undefined}>
      {toast?.text}
    </p>
  );
}
