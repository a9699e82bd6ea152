/** A file of a form. `field` is `files[0]` and so on. */
export interface UploadedFile {
  readonly field: string;
  readonly filename: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

export interface Multipart {
  readonly payloadJson: string;
  readonly files: readonly UploadedFile[];
  /** Parts that are neither, by name: the fields of a form without `payload_json`. */
  readonly texts: Readonly<Record<string, string>>;
}

const HEAD_END = Buffer.from("\r\n\r\n");

/**
 * Reads `multipart/form-data` as bots send it. `undefined` when the boundary is missing or a part is broken off.
 * Source: RFC 7578.
 */
export function readMultipart(contentType: string, body: Buffer): Multipart | undefined {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary === undefined) return undefined;
  const files: UploadedFile[] = [];
  const texts: Record<string, string> = {};
  const mark = Buffer.from(`--${boundary}`);
  let from = body.indexOf(mark);
  while (from !== -1) {
    const start = from + mark.length;
    if (body.subarray(start, start + 2).toString("latin1") === "--") break;
    const next = body.indexOf(mark, start);
    const headEnd = body.indexOf(HEAD_END, start);
    if (next === -1 || headEnd === -1 || headEnd > next) return undefined;
    const head = body.subarray(start, headEnd).toString("utf8");
    // The line break before the next boundary belongs to the boundary.
    const bytes = Buffer.from(body.subarray(headEnd + HEAD_END.length, next - 2));
    const field = /\bname="([^"]*)"/.exec(head)?.[1] ?? "";
    const filename = /filename="([^"]*)"/.exec(head)?.[1];
    if (filename === undefined) texts[field] = bytes.toString("utf8");
    else {
      const type = /content-type:\s*([^\r\n;]+)/i.exec(head)?.[1]?.trim() ?? "application/octet-stream";
      files.push({ field, filename, contentType: type, bytes });
    }
    from = next;
  }
  const { payload_json: payloadJson, ...others } = texts;
  return { payloadJson: payloadJson ?? JSON.stringify(others), files, texts: others };
}
