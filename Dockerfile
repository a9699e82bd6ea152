# syntax=docker/dockerfile:1
#
# Two images from one build. The worker is the last stage, so it is what a build without a target makes:
#   docker build --tag guildwire-worker .
#   docker build --tag guildwire-hub --target hub .
#
# Debian, not Alpine: the build's own Node (the `node` package of the root) is linked against glibc.

FROM node:26-slim AS build
WORKDIR /app
ENV CI=true TURBO_TELEMETRY_DISABLED=1
RUN npm install --global pnpm@12.21.0
# The lockfile alone decides what is downloaded, so an edit of the source does not download again.
COPY pnpm-lock.yaml pnpm-workspace.yaml ./
RUN pnpm fetch
COPY . .
RUN pnpm install --frozen-lockfile --prefer-offline \
 && pnpm run build \
 && pnpm --filter @guildwire/discord-gateway-worker deploy --prod /out/worker

FROM node:26-slim AS runtime
ENV NODE_ENV=production
WORKDIR /app

# The hub: its build holds everything it needs, there is no node_modules. Its topics and cursors are in DATA_DIR: mount a
# volume there, as for the worker.
FROM runtime AS hub
ENV DATA_DIR=/data
RUN mkdir /data && chown node:node /data
COPY --from=build /app/apps/hub/package.json ./
COPY --from=build /app/apps/hub/dist ./dist
USER node
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/api/live`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/server/main.js"]

# The worker: its bundle and its four runtime dependencies. What must survive a restart is in DATA_DIR: mount a volume
# there that the user `node` (uid 1000) may write. No VOLUME instruction: Railway refuses to build one.
FROM runtime AS worker
ENV DATA_DIR=/data
RUN mkdir /data && chown node:node /data
COPY --from=build /out/worker/package.json ./
COPY --from=build /out/worker/node_modules ./node_modules
COPY --from=build /out/worker/dist ./dist
USER node
EXPOSE 3001
# Not /health, which is 503 while Discord is away: a restart would not bring it back.
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3001}/live`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
