/**
 * Whether a stored session is still worth a Resume. Discord keeps a session for "a few minutes" after its connection
 * is gone (https://docs.discord.com/developers/events/gateway#resuming) and does not say how many. A Resume costs no
 * Identify, so the limit is generous; beyond it the only thing a Resume brings is Invalid Session, and with that one
 * connection more and the 1 to 5 s that Discord wants before the Identify.
 */
export const SESSION_AGE_MAX_MS = 5 * 60_000;

/** `lastAliveMs`: Unix ms, `null` when nobody wrote it down; then asking Discord is the only way to know. */
export function isWorthResuming(lastAliveMs: number | null, nowMs: number): boolean {
  // A clock that was set back makes an age below zero, which is no reason to throw a session away.
  return lastAliveMs === null || nowMs - lastAliveMs <= SESSION_AGE_MAX_MS;
}
