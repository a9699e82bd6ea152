/** The worker where only a proxy leads outside: the names of Discord and of the receiver cannot be resolved here. */
import { expect, it, onTestFinished } from "vitest";
import { createProxiedNetwork, DISCORD_HOST, RECEIVER_HOST } from "./proxied-network.ts";
import { setUp } from "./worker-rig.ts";

async function setUpProxied() {
  const rig = await setUp();
  const network = await createProxiedNetwork({
    discordOrigin: new URL(rig.sim.apiUrl).origin,
    receiverOrigin: new URL(rig.receiver.url).origin,
  });
  onTestFinished(() => network[Symbol.asyncDispose]());
  const env = {
    HTTPS_PROXY: network.proxyUrl,
    NODE_EXTRA_CA_CERTS: network.certificateFile,
    DISCORD_API_URL: `https://${DISCORD_HOST}/api/v10`,
    HUB_ENDPOINT: `https://${RECEIVER_HOST}/events`,
  };
  return { ...rig, network, proxied: env };
}

it("sends REST, the Gateway's socket and deliveries through HTTPS_PROXY", async () => {
  const { network, proxied, receiver, startWorker } = await setUpProxied();
  startWorker(proxied);
  await receiver.untilTaken("guild.snapshot");
  expect(network.tunnels.filter((target) => target === `${DISCORD_HOST}:443`)).toHaveLength(2);
  expect(new Set(network.tunnels)).toEqual(new Set([`${DISCORD_HOST}:443`, `${RECEIVER_HOST}:443`]));
});

it("`check` goes through HTTPS_PROXY like the worker", async () => {
  const { network, proxied, runCommand } = await setUpProxied();
  const { code, output } = await runCommand(["check"], proxied);
  expect(output).toMatch(/✓ Gateway/);
  expect(output).toMatch(/✓ signature/);
  expect(code).toBe(0);
  expect(network.tunnels.length).toBeGreaterThan(2);
});

it("reaches this machine and the hosts of NO_PROXY directly", async () => {
  const { network, env, receiver, startWorker } = await setUpProxied();
  const { port } = new URL(receiver.url);
  startWorker({
    HTTP_PROXY: network.proxyUrl,
    HTTPS_PROXY: network.proxyUrl,
    NO_PROXY: "example.org",
    HUB_ENDPOINT: `http://localhost:${port}/events`,
    DISCORD_API_URL: env.DISCORD_API_URL,
  });
  await receiver.untilTaken("guild.snapshot");
  expect([...network.tunnels, ...network.forwarded]).toEqual([]);
});

it("does not ask the proxy for a host of NO_PROXY", async () => {
  const { network, proxied, startWorker } = await setUpProxied();
  const worker = startWorker({ ...proxied, NO_PROXY: `.${DISCORD_HOST},${RECEIVER_HOST}` });
  expect(await worker.untilLogged("gateway_connection_lost")).toMatchObject({
    detail: expect.stringContaining(`ENOTFOUND ${DISCORD_HOST}`),
  });
  expect(network.tunnels).toEqual([]);
});

it("refuses a proxy that is no http(s) URL, by the variable's name", async () => {
  const { startWorker } = await setUpProxied();
  const worker = startWorker({ https_proxy: "socks5://127.0.0.1:1080" });
  expect((await worker.exit).code).toBe(78);
  expect(worker.output).toContain("https_proxy must be the http(s) URL of a proxy");
});
