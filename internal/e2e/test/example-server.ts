/** The examples as their READMEs say to run them: a file served as it is, and Vite's dev server. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { choosePort, REPOSITORY, Supervisor } from "@guildwire/demo";

export interface ExampleServer extends AsyncDisposable {
  readonly origin: string;
}

/** `change` does what a reader would do to the file: names another hub in it. */
export async function servePlainHtml(change: (html: string) => string): Promise<ExampleServer> {
  const server = createServer((_request, response) => {
    const html = readFileSync(join(REPOSITORY, "examples/plain-html/index.html"), "utf8");
    response.setHeader("content-type", "text/html; charset=utf-8").end(change(html));
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", listening.resolve);
  await listening.promise;
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    },
  };
}

/** `output` gets what Vite writes, for a failure's message. */
export async function serveByVite(
  name: string,
  env: Readonly<Record<string, string>>,
  output: string[],
): Promise<ExampleServer> {
  const { port } = await choosePort(0);
  const origin = `http://127.0.0.1:${port}`;
  const cwd = join(REPOSITORY, "examples", name);
  const vite = join(cwd, "node_modules/vite/bin/vite.js");
  const args = [vite, "--host", "127.0.0.1", "--port", String(port), "--strictPort"];
  const spec = { name, args, cwd, env: { NODE_ENV: "development", ...env }, readyUrl: `${origin}/` };
  const supervisor = new Supervisor([spec], (_name, news) => output.push(JSON.stringify(news)));
  supervisor.start();
  await supervisor.ready();
  return { origin, [Symbol.asyncDispose]: () => supervisor.stop() };
}
