/** Whether the reader of an answer has it already. Source: https://www.rfc-editor.org/rfc/rfc9110#name-if-none-match */

/** `tag` with its quotes. Proxies that compress mark a tag as weak; for this question it is the same tag. */
export function isHeld(request: Request, tag: string): boolean {
  const held = request.headers.get("if-none-match");
  if (held === null) return false;
  if (held.trim() === "*") return true;
  return held.split(",").some((one) => one.trim().replace(/^W\//, "") === tag);
}
