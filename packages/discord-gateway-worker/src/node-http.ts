/**
 * Node's HTTP, not by `import`: that reads everything which the module exports, among it getters that load a second
 * undici with `fetch` and WebSocket, 8 MB of memory and a tenth of a second of every start.
 */
export const http = process.getBuiltinModule("node:http");
