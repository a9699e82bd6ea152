/** Discord's form of ISO 8601: microseconds and a numeric offset. */
export function isoTime(atMs: number): string {
  return new Date(atMs).toISOString().replace("Z", "000+00:00");
}
