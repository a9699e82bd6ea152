import { createServerFn } from "@tanstack/react-start";
import { voiceStore } from "./server/voice-store.ts";

/** For the loader: the rooms as they are stored. */
export const getVoiceRooms = createServerFn({ method: "GET" }).handler(() => voiceStore().rooms());
