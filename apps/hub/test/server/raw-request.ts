/** A request as bytes on a connection of its own, for what no HTTP client would send. */
import { once } from "node:events";
import { connect } from "node:net";

export interface RawAnswer {
  /** `undefined`: the server closed the connection without an answer. */
  readonly status: number | undefined;
  readonly text: string;
}

/** Sends the bytes of `text` (latin1). Resolves when the server closes the connection. */
export async function sendRaw(port: number, text: string): Promise<RawAnswer> {
  const socket = connect(port, "127.0.0.1");
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  // The end of an answer may be lost to a reset when the server has not read the whole request.
  socket.on("error", () => undefined);
  socket.write(Buffer.from(text, "latin1"));
  await once(socket, "close");
  const answer = Buffer.concat(chunks).toString("latin1");
  // `100 Continue` comes before the answer.
  const final = answer.replace(/^HTTP\/1\.1 100 [\s\S]*?\r\n\r\n/, "");
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(final)?.[1];
  return { status: status === undefined ? undefined : Number(status), text: final };
}
