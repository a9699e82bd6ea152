/** The rooms as server-sent events: as they are now, and again after each change. */
import { voiceStore } from "./voice-store.ts";

/** Proxies cut what is silent for a minute. */
const SIGN_OF_LIFE_MS = 25_000;

export function liveRooms(request: Request): Response {
  const store = voiceStore();
  const stream = new ReadableStream<string>({
    start(controller) {
      const send = (): void => controller.enqueue(`data: ${JSON.stringify(store.rooms())}\n\n`);
      const stop = store.listen(send);
      const timer = setInterval(() => controller.enqueue(": still here\n\n"), SIGN_OF_LIFE_MS);
      request.signal.addEventListener("abort", () => {
        clearInterval(timer);
        stop();
        controller.close();
      });
      send();
    },
  });
  return new Response(stream.pipeThrough(new TextEncoderStream()), {
    headers: { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" },
  });
}
