import {
  Hand,
  HeadphoneOff,
  type LucideIcon,
  MessageCircleOff,
  MicOff,
  MonitorUp,
  Video,
} from "lucide-react";
import { type PersonState, STATE_WORDS } from "./person-state.ts";

interface Look {
  readonly icon: LucideIcon;
  readonly tone: string;
}

/** What a moderator did looks unlike what a person chose. */
export const STATE_LOOKS: Readonly<Record<PersonState, Look>> = {
  streaming: { icon: MonitorUp, tone: "text-bad" },
  handRaised: { icon: Hand, tone: "text-copper" },
  camera: { icon: Video, tone: "text-live" },
  silenced: { icon: MessageCircleOff, tone: "text-faint" },
  mutedByModerator: { icon: MicOff, tone: "text-bad" },
  muted: { icon: MicOff, tone: "text-faint" },
  deafenedByModerator: { icon: HeadphoneOff, tone: "text-bad" },
  deafened: { icon: HeadphoneOff, tone: "text-faint" },
};

export function PersonBadges({ states }: { readonly states: readonly PersonState[] }) {
  if (states.length === 0) return null;
  return (
    <span className="flex shrink-0 items-center gap-1">
      {states.map((state) =>
        state === "streaming" ? <LiveBadge key={state} /> : <Badge key={state} state={state} />,
      )}
    </span>
  );
}

function LiveBadge() {
  return (
    <span className="shrink-0 rounded bg-bad px-1 font-bold text-[0.625rem] text-paper leading-4 tracking-wide">
      LIVE<span className="sr-only">: streaming</span>
    </span>
  );
}

function Badge({ state }: { readonly state: PersonState }) {
  const { icon: Icon, tone } = STATE_LOOKS[state];
  return (
    <span className={tone} data-tip={STATE_WORDS[state]}>
      <Icon aria-hidden="true" className="size-3.5" strokeWidth={2.25} />
      <span className="sr-only">{STATE_WORDS[state]}</span>
    </span>
  );
}
