/**
 * The change that a document describes, as files. Two kinds of blocks count:
 *
 *   ```ts              a new file, whose first line is a comment with its path
 *   ```diff            an edit; its first line is `# path`. Lines begin with a space (is there), `-` (goes) or `+` (comes).
 *                      `…` stands for lines in between. No line numbers: the lines themselves say where, and only once.
 */
export interface NewFile {
  readonly kind: "file";
  readonly path: string;
  readonly text: string;
}

export interface Edit {
  readonly kind: "edit";
  readonly path: string;
  readonly hunks: readonly (readonly string[])[];
}

export function blocksOf(markdown: string): readonly (NewFile | Edit)[] {
  const found: (NewFile | Edit)[] = [];
  for (const [, language, body = ""] of markdown.matchAll(/^```(ts|diff)\n([\s\S]*?)^```$/gm)) {
    const [first = "", ...lines] = body.trimEnd().split("\n");
    const path = /^(?:\/\/|#) ((?:packages|apps)\/\S+)$/.exec(first)?.[1];
    if (path === undefined) continue;
    if (language === "ts") found.push({ kind: "file", path, text: `${lines.join("\n")}\n` });
    else found.push({ kind: "edit", path, hunks: hunksOf(lines) });
  }
  return found;
}

function hunksOf(lines: readonly string[]): readonly (readonly string[])[] {
  const hunks: string[][] = [[]];
  for (const line of lines) {
    if (line === "…") hunks.push([]);
    else hunks.at(-1)?.push(line);
  }
  return hunks;
}

/** The text after the edit. @throws Error that says which lines are not there, or are there more than once. */
export function edited(text: string, { path, hunks }: Edit): string {
  let lines = text.split("\n");
  let from = 0;
  for (const hunk of hunks) {
    const before = hunk.filter((line) => !line.startsWith("+")).map((line) => line.slice(1));
    const after = hunk.filter((line) => !line.startsWith("-")).map((line) => line.slice(1));
    const at = placeOf(lines, before, from, path);
    lines = [...lines.slice(0, at), ...after, ...lines.slice(at + before.length)];
    from = at + after.length;
  }
  return lines.join("\n");
}

function placeOf(lines: readonly string[], wanted: readonly string[], from: number, path: string): number {
  const places = lines
    .map((_, index) => index)
    .filter((index) => index >= from && wanted.every((line, offset) => lines[index + offset] === line));
  const [place] = places;
  if (place === undefined || places.length > 1) {
    throw new Error(`${path} has these lines ${places.length} times, not once:\n${wanted.join("\n")}`);
  }
  return place;
}
