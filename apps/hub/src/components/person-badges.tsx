import type { PersonView } from "@guildwire/client";
import { Ear, Hand, HeadphoneOff, type LucideIcon, MicOff, Video } from "lucide-react";

/** What a person is doing, in the order of how much a visitor cares. Muted by a moderator looks unlike muted by choice. */
export function PersonBadges({ person }: { readonly person: PersonView }) {
  return (
    <span className="flex shrink-0 items-center gap-1">
      {person.stream && (
        <span className="shrink-0 rounded bg-bad px-1 font-bold text-[0.625rem] text-paper leading-4 tracking-wide">
          LIVE<span className="sr-only">: streaming</span>
        </span>
      )}
      {person.handRaised && <Badge icon={Hand} label="hand raised" tone="text-copper" />}
      {person.video && <Badge icon={Video} label="camera on" tone="text-live" />}
      {person.suppress && !person.handRaised && (
        <Badge icon={Ear} label="in the audience" tone="text-faint" />
      )}
      {(person.mute || person.selfMute) && (
        <Badge
          icon={MicOff}
          label={person.mute ? "muted by a moderator" : "muted"}
          tone={person.mute ? "text-bad" : "text-faint"}
        />
      )}
      {(person.deaf || person.selfDeaf) && (
        <Badge
          icon={HeadphoneOff}
          label={person.deaf ? "deafened by a moderator" : "deafened"}
          tone={person.deaf ? "text-bad" : "text-faint"}
        />
      )}
    </span>
  );
}

function Badge({
  icon: Icon,
  label,
  tone,
}: {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly tone: string;
}) {
  return (
    <span className={tone} title={label}>
      <Icon aria-hidden="true" className="size-3.5" strokeWidth={2.25} />
      <span className="sr-only">{label}</span>
    </span>
  );
}
