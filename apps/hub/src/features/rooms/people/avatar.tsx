import { Picture } from "../../../shell/picture.tsx";
import { avatarFace } from "./avatar-face.ts";

interface AvatarProps {
  readonly id: string;
  readonly name: string;
  readonly url: string | null;
  readonly size: keyof typeof SIZES;
}

const SIZES = {
  small: "size-6 text-[0.5625rem]",
  medium: "size-8.5 text-[0.8125rem]",
  large: "size-13 text-[1.25rem]",
} as const;

/** A picture, and under it what is shown while it loads or when there is none. */
export function Avatar({ id, name, url, size }: AvatarProps) {
  const { initials, hue } = avatarFace(id, name);
  return (
    <span aria-hidden="true" className={`face ${SIZES[size]}`} data-hue={hue} translate="no">
      {initials}
      <Picture className="absolute inset-0 size-full rounded-full object-cover" url={url} />
    </span>
  );
}
