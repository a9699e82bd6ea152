import tailwindcss from "@tailwindcss/vite";
import { tanstackStart } from "@tanstack/react-start/plugin/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { realtimeDev } from "./vite-realtime.ts";
import { serveSdk } from "./vite-sdk.ts";

export default defineConfig(({ command }) => ({
  server: { port: Number(process.env["PORT"] || 3000), strictPort: true },
  plugins: [tailwindcss(), tanstackStart(), react(), realtimeDev(), serveSdk()],
  environments: {
    ssr: {
      // Our own process entry in place of Start's: one module graph holds pages, API and sockets.
      build: { rolldownOptions: { input: { main: "./src/server/main.ts" } } },
      // dist/ runs without node_modules.
      resolve: command === "build" ? { noExternal: true } : {},
    },
  },
}));
