/** What a person should know of an error: Markdown of one paragraph each. */
export interface Explanation {
  readonly happened: string;
  readonly does: string;
  readonly remedy: string;
}

/** Text that is broken into lines where it stands, as the one line that it is. */
export function prose(text: string): string {
  return text.trim().replaceAll(/\s+/g, " ");
}
