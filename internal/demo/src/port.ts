import { createServer } from "node:net";

export interface Ports {
  readonly sim: number;
  readonly worker: number;
  readonly hub: number;
}

const WANTED: Ports = { hub: 3000, worker: 3001, sim: 4400 };

/** The usual ports, or free ones where those are taken; `say` hears which. */
export async function choosePorts(say: (line: string) => void, wanted: Partial<Ports> = {}): Promise<Ports> {
  const ports = { ...WANTED, ...wanted };
  for (const name of ["hub", "worker", "sim"] as const) {
    const { port, instead } = await choosePort(ports[name]);
    if (instead) say(`port ${ports[name]} is taken, the ${name} takes ${port} instead`);
    ports[name] = port;
  }
  return ports;
}

export interface PortChoice {
  readonly port: number;
  /** The one that was wanted was taken. */
  readonly instead: boolean;
}

/** The wanted port, or any free one. */
export async function choosePort(wanted: number): Promise<PortChoice> {
  const port = (await tryPort(wanted)) ?? (await tryPort(0));
  if (port === undefined) throw new Error("no free port on this machine");
  return { port, instead: wanted !== 0 && port !== wanted };
}

/** The port it could listen on, `undefined` when that is taken. */
async function tryPort(port: number): Promise<number | undefined> {
  const server = createServer();
  const outcome = Promise.withResolvers<number | undefined>();
  server.once("error", () => outcome.resolve(undefined));
  // On all addresses, as the hub and the worker listen: a port taken on one of them is taken.
  server.listen(port, () => {
    const address = server.address();
    outcome.resolve(typeof address === "object" && address !== null ? address.port : undefined);
  });
  const found = await outcome.promise;
  if (server.listening) await new Promise((resolve) => server.close(resolve));
  return found;
}
