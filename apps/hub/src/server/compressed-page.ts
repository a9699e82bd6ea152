/**
 * A page of 500 people is half a megabyte of HTML, and a twentieth of that in gzip. All else is left as it is: files are
 * compressed by who serves them, streams must not wait, and answers that are kept have tags of their own.
 *
 * What a page holds that is secret, its nonce and its ticket, is new in every answer, so nothing can be learnt of it from
 * how well several of them compress (BREACH).
 */

/** The answer, compressed if it is a page and the client takes that. */
export function compressedPage(request: Request, answer: Response): Response {
  const { headers, status } = answer;
  if (headers.get("content-type")?.startsWith("text/html") !== true) return answer;
  headers.append("vary", "accept-encoding");
  // Of an answer that is no page the body is not even looked at: a file's would be opened for it, and never closed.
  const { body } = answer;
  if (body === null || !takesGzip(request.headers.get("accept-encoding"))) return answer;
  headers.delete("content-length");
  headers.set("content-encoding", "gzip");
  return new Response(body.pipeThrough(new CompressionStream("gzip")), { status, headers });
}

/** Of `Accept-Encoding` (RFC 9110, section 12.5.3): gzip is named, or `*` is, and its weight is not 0. */
export function takesGzip(accepted: string | null): boolean {
  const weights = new Map<string, number>();
  for (const coding of (accepted ?? "").toLowerCase().split(",")) {
    const [name = "", weight = "q=1"] = coding.split(";").map((part) => part.trim());
    weights.set(name, Number(weight.replace(/^q=/, "")));
  }
  return (weights.get("gzip") ?? weights.get("*") ?? 0) > 0;
}
