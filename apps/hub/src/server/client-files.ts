/** The files of the client's build, and how long each may be kept by browsers and proxies. */
import { staticMiddleware } from "srvx/static";
import { READ } from "../http/route-table.ts";

/** `undefined`: the address is no file's. */
export type ClientFiles = (request: Request) => Promise<Response | undefined>;

const IMMUTABLE_S = 31_536_000;
const AN_HOUR_S = 3_600;
const FILE_NAME = /\.[a-z0-9]+$/i;
const FILES_ALONE = /^\/(assets|sdk)\//;
/** Answered by the hub, though they look like files. */
const ROADS = /^\/(api|card)\//;

export function createClientFiles(dir: string): ClientFiles {
  /** Names under /assets/ hold a hash of the content. */
  const assets = staticMiddleware({ dir, maxAge: IMMUTABLE_S, immutable: true });
  const others = staticMiddleware({ dir, maxAge: AN_HOUR_S });
  const missing = (): Response => new Response("Not found\n", { status: 404 });
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (FILES_ALONE.test(pathname) && !READ.includes(request.method)) {
      return new Response("files take GET and HEAD\n", { status: 405, headers: { allow: READ.join(", ") } });
    }
    if (pathname.startsWith("/assets/")) return forAnyOrigin(await assets(request as never, missing));
    if (pathname.startsWith("/sdk/")) return forAnyOrigin(await others(request as never, missing));
    if (!FILE_NAME.test(pathname) || ROADS.test(pathname)) return undefined;
    const answer = await others(request as never, () => new Response(null, { status: 404 }));
    return answer.status === 404 ? undefined : forAnyOrigin(answer);
  };
}

/**
 * Files are the same for everybody, and pages of any origin load them: the SDK and `widget.js` on other sites, which may
 * be cross-origin isolated, and an embed's own modules in a sandboxed frame, whose origin is opaque.
 */
function forAnyOrigin(answer: Response): Response {
  answer.headers.set("access-control-allow-origin", "*");
  answer.headers.set("cross-origin-resource-policy", "cross-origin");
  return answer;
}
