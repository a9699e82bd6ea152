import { Podcast, Volume2 } from "lucide-react";

export function RoomIcon({ kind }: { readonly kind: "voice" | "stage" }) {
  const Icon = kind === "stage" ? Podcast : Volume2;
  return (
    <>
      <Icon aria-hidden="true" className="size-4" strokeWidth={2.25} />
      <span className="sr-only">{kind === "stage" ? "Stage" : "Voice room"}</span>
    </>
  );
}
