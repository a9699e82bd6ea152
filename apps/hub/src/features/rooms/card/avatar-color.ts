/**
 * The colour under a person's initials, the same hue as on the page. A card is also drawn by renderers that know no
 * `oklch()`, so it is worked out here. One lightness serves both themes: white text on it has a contrast above 4.5.
 * Source of the matrices: https://bottosson.github.io/posts/oklab/
 */
const LIGHTNESS = 0.53;
const CHROMA = 0.085;

export function avatarColor(hueDegrees: number): string {
  const angle = (hueDegrees * Math.PI) / 180;
  const a = CHROMA * Math.cos(angle);
  const b = CHROMA * Math.sin(angle);
  const l = (LIGHTNESS + 0.396_337_777_4 * a + 0.215_803_757_3 * b) ** 3;
  const m = (LIGHTNESS - 0.105_561_345_8 * a - 0.063_854_172_8 * b) ** 3;
  const s = (LIGHTNESS - 0.089_484_177_5 * a - 1.291_485_548 * b) ** 3;
  const linear = [
    4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
    -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
    -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701 * s,
  ];
  return `#${linear.map(channelHex).join("")}`;
}

function channelHex(linear: number): string {
  const clamped = Math.min(1, Math.max(0, linear));
  const encoded = clamped <= 0.003_130_8 ? clamped * 12.92 : 1.055 * clamped ** (1 / 2.4) - 0.055;
  return Math.round(encoded * 255)
    .toString(16)
    .padStart(2, "0");
}
