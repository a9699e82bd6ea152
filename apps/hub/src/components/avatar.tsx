import { useState } from "react";
import { avatarFace } from "./avatar-face.ts";

interface AvatarProps {
  readonly id: string;
  readonly name: string;
  readonly url: string | null;
  /** CSS length. */
  readonly size: string;
}

/** A picture, and under it what is shown while it loads or when there is none. */
export function Avatar({ id, name, url, size }: AvatarProps) {
  const [failedUrl, setFailedUrl] = useState<string | null>(null);
  const { initials, hue } = avatarFace(id, name);
  return (
    <span
      aria-hidden="true"
      className="relative grid shrink-0 place-items-center overflow-hidden rounded-full font-semibold"
      style={{
        width: size,
        height: size,
        fontSize: `calc(${size} * 0.38)`,
        background: `light-dark(oklch(0.87 0.07 ${hue}), oklch(0.38 0.07 ${hue}))`,
        color: `light-dark(oklch(0.34 0.09 ${hue}), oklch(0.92 0.05 ${hue}))`,
      }}
    >
      {initials}
      {url !== null && url !== failedUrl && (
        <img
          alt=""
          className="absolute inset-0 size-full object-cover"
          decoding="async"
          loading="lazy"
          onError={() => setFailedUrl(url)}
          referrerPolicy="no-referrer"
          src={url}
        />
      )}
    </span>
  );
}
