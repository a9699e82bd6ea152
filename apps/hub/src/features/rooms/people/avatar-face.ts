/** The face of someone without a picture: initials on a colour that is theirs on every page. */
export interface AvatarFace {
  readonly initials: string;
  /** Degrees on the colour wheel. */
  readonly hue: number;
}

export function avatarFace(id: string, name: string): AvatarFace {
  return { initials: initialsOf(name), hue: hueOf(id) };
}

function initialsOf(name: string): string {
  const words = name.split(/[^\p{L}\p{N}\p{Extended_Pictographic}]+/u).filter((word) => word !== "");
  const first = words[0];
  if (first === undefined) return "?";
  const second = words[1];
  const letters =
    second === undefined ? firstCharacter(first) : firstCharacter(first) + firstCharacter(second);
  return letters.toLocaleUpperCase("en");
}

function firstCharacter(word: string): string {
  return [...word][0] ?? "";
}

const HUES = 18;

/** Ids that differ in their last digit, as those of people made together do, get hues far apart. */
function hueOf(id: string): number {
  let hash = 0;
  for (let index = 0; index < id.length; index++) hash = (Math.imul(hash, 31) + id.charCodeAt(index)) >>> 0;
  return ((Math.imul(hash, 2_654_435_761) >>> 16) % HUES) * (360 / HUES);
}
