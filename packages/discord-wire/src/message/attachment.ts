import { asId, asInteger, asNumber, asString, type JsonObject } from "../fields.ts";
import type { Snowflake } from "../snowflake.ts";

/** Source: https://discord.com/developers/docs/resources/message#attachment-object */
export interface Attachment {
  readonly id: Snowflake;
  readonly name: string;
  readonly description: string | null;
  readonly contentType: string | null;
  /** Bytes. */
  readonly size: number;
  /** Signed: the query is part of the URL, and it ends about a day after it was made. */
  readonly url: string;
  /** Discord's proxy; it serves pictures and videos only. */
  readonly proxyUrl: string | null;
  /** Pixels; `null` for what is no picture or video. */
  readonly width: number | null;
  readonly height: number | null;
  readonly spoiler: boolean;
  /** Of a voice message: its length in seconds, and 256 amplitudes in base64. */
  readonly durationSeconds: number | null;
  readonly waveform: string | null;
}

const SPOILER_FLAG = 1 << 3;
const SPOILER_NAME = "SPOILER_";

export function readAttachment(entry: JsonObject): Attachment | undefined {
  const id = asId(entry["id"]);
  const url = asString(entry["url"]);
  if (id === undefined || url === undefined) return undefined;
  const filename = asString(entry["filename"]) ?? "file";
  return {
    id,
    name: asString(entry["title"]) ?? filename,
    description: asString(entry["description"]) ?? null,
    contentType: asString(entry["content_type"]) ?? null,
    size: asInteger(entry["size"]) ?? 0,
    url,
    proxyUrl: asString(entry["proxy_url"]) ?? null,
    width: asInteger(entry["width"]) ?? null,
    height: asInteger(entry["height"]) ?? null,
    spoiler: ((asInteger(entry["flags"]) ?? 0) & SPOILER_FLAG) !== 0 || filename.startsWith(SPOILER_NAME),
    durationSeconds: asNumber(entry["duration_secs"]) ?? null,
    waveform: asString(entry["waveform"]) ?? null,
  };
}
