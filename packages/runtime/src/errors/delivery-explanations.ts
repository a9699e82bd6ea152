/** What to do about errors on the way to the receiver, and of clients. */
import type { ErrorName } from "./error-code.ts";
import { type Explanation, prose } from "./prose.ts";

export const DELIVERY_EXPLANATIONS = {
  connectionLimit: {
    happened: prose(`
      As many clients are connected as the process may serve at once.
    `),
    does: prose(`
      The worker's health port serves 64 connections at once and closes any further one, so that a client
      that never reads cannot use up its files. The hub answers further browsers 503, or 429 when it is one
      address that has too many, and logs \`connection_limit\` at most once a minute, with \`limit\` and how
      many were refused.
    `),
    remedy: prose(`
      See who connects. For the health port that is a monitoring system that opens connections and leaves
      them. For the hub, \`limit\` says which bound it was: raise \`HUB_CONNECTIONS_MAX\` (and the limit of
      open files, \`ulimit -n\`) or \`HUB_CONNECTIONS_PER_ADDRESS_MAX\`. If it is always \`address\`, a proxy
      in front is probably counted as one visitor: set \`TRUSTED_PROXIES\`.
    `),
  },
  hubUnreachable: {
    happened: prose(`
      A delivery got no answer, or one that is not \`200 {"acked": …}\`, has no code of its own (E014,
      E023) and is no request for a snapshot.
    `),
    does: prose(`
      It goes on following Discord, keeps the events in \`DATA_DIR\`, and tries the same delivery again:
      after 0.1 to 0.5 s at first, then with growing waits of at most 30 s, or as long as \`Retry-After\`
      asks. It never gives up. After three failures in a row \`/ready\` answers 503; \`/health\` stays as
      it is. When the receiver takes events again, the worker logs \`delivery_recovered\`.
    `),
    remedy: prose(`
      Read \`status\` and \`detail\` of the record. Without a \`status\` nothing answered: check
      \`HUB_ENDPOINT\` and that the hub runs. With \`400\`, \`413\`, \`415\` or \`422\` the receiver
      refuses the content: the worker looks for the event that it does not take, see E021.
    `),
  },
  signatureRefused: {
    happened: prose(`
      The receiver answered 401 or 403. An answer that comes from something in front of it, a page or the
      request for a login, is E023.
    `),
    does: prose(`
      As for E013, but with longer waits: 1 to 5 s at first, then growing to at most 5 minutes. Nothing is
      given up, however long it takes.
    `),
    remedy: prose(`
      Make \`HUB_SECRET\` the same on both sides (while rotating: one of them must be). If it is the same,
      compare the clocks: a delivery signed more than 5 minutes ago or ahead is refused, and \`detail\`
      says so. Restart the side that was corrected; nothing is lost. A restarted worker tries at once.
    `),
  },
  eventParked: {
    happened: prose(`
      The receiver does not take one particular event: it was alone in a delivery and was refused with
      400, 413, 415 or 422 at least five times over at least a minute; or it was answered with a 5xx other
      than 501, 503 and 504 for as long, while other events were taken.
    `),
    does: prose(`
      It puts the event aside, in the table \`parked\` of \`worker.sqlite\` (the newest 1,000 are kept),
      and sends a tombstone of type \`event.parked\` with its place and id, so that the sequence has no
      hole. A \`guild.snapshot\` follows, which puts right what the event would have told, unless the
      event was a snapshot itself. Other events go on. A tombstone is never put aside: a receiver that
      refuses even that refuses everything, and is waited for.
    `),
    remedy: prose(`
      Read \`type\` and \`reason\` of the \`event_parked\` record. Worker and receiver are probably of
      different versions, or the receiver has a bug with this event. With 413, let the receiver take
      larger bodies.
    `),
  },
  outboxCompacted: {
    happened: prose(`
      The receiver took nothing for so long that \`OUTBOX_ROWS_MAX\`, \`OUTBOX_BYTES_MAX\` or
      \`OUTBOX_AGE_MAX_S\` was exceeded; \`bound\` says which.
    `),
    does: prose(`
      All that waits gives way to one \`guild.snapshot\` and a \`source.status\`; both say in
      \`compacted\` how many events they stand for (\`from\`, \`to\`, \`events\`). These are not sent any
      more. The worker goes on.
    `),
    remedy: prose(`
      See why nothing is delivered (E013, E014, E023). Raise the bound if there is room on the disk and
      the receiver needs every event. What it shows is right again with the snapshot.
    `),
  },
  endpointWrong: {
    happened: prose(`
      \`HUB_ENDPOINT\` answered with a redirect, 404, 405, 410 or 501: nobody takes deliveries there, or
      not yet. Or a proxy in front of it answered 401 or 403 with a page or the request for a login; or
      \`check\` got a success that is not what a receiver answers to a ping.
    `),
    does: prose(`
      As for E013: it keeps the events and tries again. No event is held to be the cause, and a redirect
      is not followed.
    `),
    remedy: prose(`
      Correct \`HUB_ENDPOINT\`, for the hub \`https://<host>/api/internal/events\`. Where a proxy asks for
      a login, write it as \`https://name:password@host/…\`, or let the path pass without one. During a
      deploy of the hub this may pass by itself.
    `),
  },
  clockWrong: {
    happened: prose(`
      The clock of this machine is more than 30 s away from that of Discord or of the hub. The hub refuses
      deliveries that are 5 minutes away.
    `),
    does: prose(`
      Only \`check\` looks at this. The worker itself trusts the clock; events carry its time.
    `),
    remedy: prose(`
      Let the machine keep time (NTP, \`timedatectl set-ntp true\`). In a container the host's clock
      counts. If only the hub is away, correct the hub's.
    `),
  },
} as const satisfies Partial<Record<ErrorName, Explanation>>;
