# syntax=docker/dockerfile:1
# One image for the API and the workers; VALEHUB_ROLES says which of them a container is.

FROM node:24-bookworm-slim AS build
WORKDIR /hub
COPY . .
RUN npm ci --include=dev --no-audit --no-fund
RUN node scripts/run.mjs build

FROM node:24-bookworm-slim AS packages
WORKDIR /hub
COPY package.json package-lock.json .npmrc ./
COPY src/connectors/kit/package.json src/connectors/kit/
COPY plugins plugins
# The embedded PostgreSQL is of no use here, and neither is a second Node.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund && rm -rf node_modules/node node_modules/.bin/node

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=4000 \
    VALEHUB_HOME=/data
WORKDIR /hub
COPY package.json LICENSE ./
COPY --from=packages /hub/node_modules node_modules
COPY --from=build /hub/dist dist
COPY --from=build /hub/src/connectors/kit/package.json src/connectors/kit/package.json
COPY --from=build /hub/src/connectors/kit/dist src/connectors/kit/dist
COPY --from=build /hub/plugins plugins
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "--disable-warning=ExperimentalWarning", "--no-memory-reducer", "dist/main.js"]
