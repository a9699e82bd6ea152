/** Values as they stand in an environment: text that is checked and turned into what it means. */
import * as z from "zod";

export function wholeNumber(from: number, to: number, remedy: string) {
  return z
    .string()
    .regex(/^\d{1,12}$/, { error: remedy })
    .transform(Number)
    .refine((value) => value >= from && value <= to, { error: remedy });
}

/** `remedy` says what URL it must be; it is also what is said when there is none. */
export function httpUrl(remedy: string) {
  return z.string({ error: remedy }).refine((text) => /^https?:$/.test(protocolOf(text)), { error: remedy });
}

function protocolOf(text: string): string {
  return URL.canParse(text) ? new URL(text).protocol : "";
}
