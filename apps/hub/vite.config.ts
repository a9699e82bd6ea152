import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import { tanstackStart } from "@tanstack/react-start/plugin/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { realtimeDev } from "./vite-realtime.ts";
import { serveSdk } from "./vite-sdk.ts";

/** A thread has a file of its own. */
const WATCHDOG_THREAD = fileURLToPath(
  new URL("loop/watchdog-thread.ts", import.meta.resolve("@guildwire/runtime")),
);

export default defineConfig(({ command }) => ({
  server: { port: Number(process.env["PORT"] || 3000), strictPort: true },
  plugins: [tailwindcss(), tanstackStart(), react(), realtimeDev(), serveSdk()],
  environments: {
    ssr: {
      // Our own process entry in place of Start's: one module graph holds pages, API and sockets.
      build: {
        rolldownOptions: { input: { main: "./src/server/main.ts", "watchdog-thread": WATCHDOG_THREAD } },
      },
      // dist/ runs without node_modules.
      resolve: command === "build" ? { noExternal: true } : {},
    },
  },
}));
