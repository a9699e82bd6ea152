import {
  decodeFrame,
  decodeHello,
  decodeInvalidSession,
  decodeReady,
  GatewayOpcode,
} from "@guildwire/discord-wire";
import type { IncomingFrame } from "../session/input.ts";

/** A dispatch as handed to the consumer: its body is as Discord sent it. */
export interface RawDispatch {
  readonly seq: number;
  readonly name: string;
  readonly d: unknown;
}

/** A frame read once: what the machine steps on, and the body that travels beside it. */
export interface Incoming {
  readonly frame: IncomingFrame;
  /** `null` for what is no dispatch, and for dispatches that were passed over. */
  readonly dispatch: RawDispatch | null;
}

/** Reads a message. Nothing of the answer refers to `bytes`, which may be written over. */
export function readIncoming(bytes: Buffer): Incoming {
  const outcome = decodeFrame(bytes.toString("utf8"));
  if (!outcome.ok) return bare({ kind: "malformed", problem: outcome.problem });
  const { op, d, s, t } = outcome.value;
  switch (op) {
    case GatewayOpcode.Dispatch:
      return readDispatch(s ?? 0, t ?? "", d);
    case GatewayOpcode.Heartbeat:
      return bare({ kind: "heartbeatRequest" });
    case GatewayOpcode.Reconnect:
      return bare({ kind: "reconnect" });
    case GatewayOpcode.InvalidSession:
      return bare({ kind: "invalidSession", ...decodeInvalidSession(d) });
    case GatewayOpcode.Hello: {
      const hello = decodeHello(d);
      return bare(
        hello.ok ? { kind: "hello", ...hello.value } : { kind: "malformed", problem: hello.problem },
      );
    }
    case GatewayOpcode.HeartbeatAck:
      return bare({ kind: "heartbeatAck" });
    default:
      return bare({ kind: "unknown", op });
  }
}

function bare(frame: IncomingFrame): Incoming {
  return { frame, dispatch: null };
}

function readDispatch(seq: number, name: string, d: unknown): Incoming {
  const dispatch: RawDispatch = { seq, name, d };
  if (name === "READY") {
    const ready = decodeReady(d);
    if (!ready.ok) return bare({ kind: "malformed", problem: ready.problem });
    return { frame: { kind: "ready", seq, ready: ready.value }, dispatch };
  }
  if (name === "RESUMED") return { frame: { kind: "resumed", seq }, dispatch };
  return { frame: { kind: "dispatch", seq, name }, dispatch };
}
