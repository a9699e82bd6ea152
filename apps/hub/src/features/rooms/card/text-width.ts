/**
 * How wide a text will be, known without a browser: the advance widths of Helvetica, which Arial, Liberation Sans and
 * most of what stands in for them share. Outside that table a character counts by its script: full width for CJK and
 * pictures, nothing for marks, a wide letter for the rest.
 */
export type Weight = "normal" | "bold";

/** Thousandths of the font's size, from U+0020 to U+007E. */
const ASCII_WIDTHS = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
  556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
  500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
  556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
  278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
] as const;
const FULL_WIDTH = 1_000;
/** Apple's and Google's pictures are wider than the em. */
const PICTURE_WIDTH = 1_370;
const SMALL_LETTER_WIDTH = 570;
const OTHER_WIDTH = 680;
const BOLD_FACTOR = 1.06;

const NO_WIDTH = /^[\p{M}\p{Cf}\p{Cc}]$/u;
const PICTURE = /\p{Extended_Pictographic}|\p{Regional_Indicator}/u;
const FULL =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60]/u;
const ELLIPSIS = "…";
/** Beyond ASCII: what our own sentences use. */
const KNOWN_WIDTHS: Readonly<Record<string, number>> = {
  "…": 1_000,
  "·": 278,
  "‘": 222,
  "’": 222,
  "“": 333,
  "”": 333,
  "–": 556,
  "—": 1_000,
};
/** Letters of mathematics, with which people style their names: some font far from ours draws them, and wide. */
const STYLED = /^[\u{1d400}-\u{1d7ff}]$/u;
const STYLED_WIDTH = 850;
const LATIN = /^[\p{Script=Latin}\p{M}\p{Cf}]$/u;

const ASCII = /^[ -~]*$/;

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Most texts need no looking for what belongs together, which takes a hundred times as long. */
function charactersOf(text: string): Iterable<string> {
  return ASCII.test(text) ? text : segmentsOf(text);
}

function* segmentsOf(text: string): Iterable<string> {
  for (const { segment } of graphemes.segment(text)) yield segment;
}

/** In px. */
export function textWidth(text: string, sizePx: number, weight: Weight = "normal"): number {
  let thousandths = 0;
  for (const character of charactersOf(text)) thousandths += graphemeWidth(character);
  return (thousandths * sizePx * (weight === "bold" ? BOLD_FACTOR : 1)) / 1_000;
}

/** The text, or as many of its characters as fit with an ellipsis. A character is never cut in two. */
export function fittedText(text: string, sizePx: number, widthPx: number, weight: Weight = "normal"): string {
  if (textWidth(text, sizePx, weight) <= widthPx) return text;
  const room = widthPx - textWidth(ELLIPSIS, sizePx, weight);
  let fitted = "";
  let used = 0;
  for (const character of charactersOf(text)) {
    used += textWidth(character, sizePx, weight);
    if (used > room) break;
    fitted += character;
  }
  return `${fitted.trimEnd()}${ELLIPSIS}`;
}

/** At most `linesMax` lines, broken between words; what does not fit ends in an ellipsis. */
export function wrappedText(
  text: string,
  sizePx: number,
  widthPx: number,
  linesMax: number,
): readonly string[] {
  const lines: string[] = [];
  let line = "";
  const words = text.split(/\s+/).filter((word) => word !== "");
  for (const [index, word] of words.entries()) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line === "" || textWidth(longer, sizePx) <= widthPx) {
      line = longer;
    } else if (lines.length + 1 < linesMax) {
      lines.push(fittedText(line, sizePx, widthPx));
      line = word;
    } else {
      line = [line, ...words.slice(index)].join(" ");
      break;
    }
  }
  return line === "" ? lines : [...lines, fittedText(line, sizePx, widthPx)];
}

/** Whether the widths of all its characters are known: for other scripts they are guesses. */
export function isMeasured(text: string): boolean {
  if (ASCII.test(text)) return true;
  for (const segment of segmentsOf(text)) {
    if (PICTURE.test(segment)) continue;
    for (const character of decomposed(segment)) {
      const isKnown = knownWidth(character) !== undefined || LATIN.test(character) || FULL.test(character);
      if (!isKnown) return false;
    }
  }
  return true;
}

function graphemeWidth(grapheme: string): number {
  const known = knownWidth(grapheme);
  if (known !== undefined) return known;
  if (PICTURE.test(grapheme)) return PICTURE_WIDTH;
  let width = 0;
  for (const character of decomposed(grapheme)) width += characterWidth(character);
  return width;
}

/** An accented letter is as wide as its letter; a Korean syllable is one character, however it is written. */
function decomposed(grapheme: string): string {
  return grapheme.normalize(FULL.test(grapheme) ? "NFC" : "NFD");
}

function characterWidth(character: string): number {
  const known = knownWidth(character);
  if (known !== undefined) return known;
  if (NO_WIDTH.test(character)) return 0;
  if (FULL.test(character)) return FULL_WIDTH;
  if (STYLED.test(character)) return STYLED_WIDTH;
  return /^\p{Ll}$/u.test(character) ? SMALL_LETTER_WIDTH : OTHER_WIDTH;
}

function knownWidth(character: string): number | undefined {
  return (
    KNOWN_WIDTHS[character] ??
    (character.length === 1 ? ASCII_WIDTHS[character.charCodeAt(0) - 0x20] : undefined)
  );
}
