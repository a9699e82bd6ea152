import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  server: {
    // The browser sees one origin, so the hub needs to allow none. In production a reverse proxy does the same.
    proxy: { "/ws": { target: process.env["HUB_URL"] || "http://localhost:3000", ws: true } },
  },
});
