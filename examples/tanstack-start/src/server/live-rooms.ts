/**
 * The rooms as server-sent events: as they are now, and again after each change. Every message holds everything, so a
 * reader that is slow is passed over and gets the newest when it is ready: nothing queues up for it.
 */
import { type VoiceStore, voiceStore } from "./voice-store.ts";

/** Proxies cut what is silent for a minute. */
const SIGN_OF_LIFE_MS = 25_000;

export function liveRooms(request: Request, store: VoiceStore = voiceStore()): Response {
  let leave = (): void => undefined;
  let isBehind = true;
  const stream = new ReadableStream<string>({
    start(controller) {
      const say = (text: string): void => {
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(text);
      };
      const stop = store.listen(() => {
        isBehind = true;
        sendIfReady(controller);
      });
      const timer = setInterval(() => say(": still here\n\n"), SIGN_OF_LIFE_MS);
      leave = () => {
        clearInterval(timer);
        stop();
      };
      request.signal.addEventListener("abort", () => leave());
    },
    pull: sendIfReady,
    cancel: () => leave(),
  });

  function sendIfReady(controller: ReadableStreamDefaultController<string>): void {
    if (!isBehind || (controller.desiredSize ?? 0) <= 0) return;
    isBehind = false;
    controller.enqueue(`data: ${JSON.stringify(store.rooms())}\n\n`);
  }

  return new Response(stream.pipeThrough(new TextEncoderStream()), {
    headers: { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" },
  });
}
