# syntax=docker/dockerfile:1
#
# Three images from one build:
#   docker build --tag guildwire-worker .
#   docker build --tag guildwire-hub --target hub .
#   docker build --tag guildwire-simulator --target simulator .
#
# A platform that knows no targets builds the last stage. It is the worker, or what the build argument says; Railway and
# Render hand a service's variables to the build as arguments, so there the variable GUILDWIRE_SERVICE=hub is enough.
ARG GUILDWIRE_SERVICE=worker

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

# What the images have in common. Node is process 1 and hears the signals itself. The root file system may be read-only:
# nothing is written but to DATA_DIR. No VOLUME instruction for it: Railway refuses to build one.
FROM node:26-slim AS runtime
WORKDIR /app
# For /health, so that one can see what is running.
ARG GIT_COMMIT=""
ENV NODE_ENV=production DATA_DIR=/data GIT_COMMIT=$GIT_COMMIT
RUN mkdir /data && chown node:node /data
USER node

# A stand-in for Discord, for trying all this without an account. Its bundle holds everything it needs.
FROM runtime AS simulator
COPY --from=build /app/packages/discord-sim/package.json ./
COPY --from=build /app/packages/discord-sim/bin ./bin
COPY --from=build /app/packages/discord-sim/dist ./dist
EXPOSE 4400
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4400/control/stats').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "bin/guildwire-sim.js", "--host", "0.0.0.0"]

# The hub: its build holds everything it needs, there is no node_modules. Its topics and cursors are in DATA_DIR.
FROM runtime AS hub
COPY --from=build /app/apps/hub/package.json ./
COPY --from=build /app/apps/hub/dist ./dist
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/api/live`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/server/main.js"]

# The worker: its bundle and its four runtime dependencies. The session, the server's state and the outbox are in DATA_DIR.
FROM runtime AS worker
COPY --from=build /out/worker/package.json ./
COPY --from=build /out/worker/node_modules ./node_modules
COPY --from=build /out/worker/dist ./dist
EXPOSE 3001
# Not /health, which is 503 while Discord is away: a restart would not bring it back.
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3001}/live`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]

FROM ${GUILDWIRE_SERVICE}
