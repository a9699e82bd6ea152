/**
 * The tap between a client and the simulator: two TCP ports, one for REST and the main Gateway URL, one for the resume
 * URL. It notes when what passes, and does the faults that live below the protocol: refused upgrades, resets, peers
 * that are gone, a Hello that shares its segment with the 101.
 */
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { TappedConnection } from "./tapped-connection.ts";
import type { Door, Timeline } from "./timeline.ts";

/** What goes wrong on the wire, until it is changed. */
export interface Knobs {
  refuseUpgrades: boolean;
  /** The 101 waits for Hello, and both leave in one write. */
  helloWithUpgrade: boolean;
  /** Each connection is opened and closed with this code at once. */
  closeBeforeHello: number | null;
  truncateNextDispatch: boolean;
}

export class Tap {
  readonly knobs: Knobs = {
    refuseUpgrades: false,
    helloWithUpgrade: false,
    closeBeforeHello: null,
    truncateNextDispatch: false,
  };
  readonly #timeline: Timeline;
  readonly #simPort: number;
  readonly #mainServer: Server;
  readonly #resumeServer: Server;
  readonly #connections = new Set<TappedConnection>();
  readonly #sockets = new Set<Socket>();
  #connectionsMade = 0;
  #mainPort = 0;
  #resumePort = 0;

  private constructor(timeline: Timeline, simPort: number) {
    this.#timeline = timeline;
    this.#simPort = simPort;
    // Half-open sockets are allowed because a peer that is gone does not answer a FIN.
    this.#mainServer = createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket, "main"));
    this.#resumeServer = createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket, "resume"));
  }

  static async open(timeline: Timeline, simPort: number): Promise<Tap> {
    const tap = new Tap(timeline, simPort);
    tap.#mainPort = await listen(tap.#mainServer);
    tap.#resumePort = await listen(tap.#resumeServer);
    return tap;
  }

  get mainPort(): number {
    return this.#mainPort;
  }

  get resumePort(): number {
    return this.#resumePort;
  }

  resetAll(): void {
    for (const connection of this.#connections) connection.reset();
  }

  silenceAll(): void {
    for (const connection of this.#connections) connection.silence();
  }

  /** From now on the resume URL refuses TCP connections. */
  closeResumeDoor(): void {
    this.#resumeServer.close();
  }

  close(): void {
    for (const connection of this.#connections) connection.destroy();
    for (const socket of this.#sockets) socket.destroy();
    this.#mainServer.close();
    this.#resumeServer.close();
  }

  #accept(socket: Socket, door: Door): void {
    const atMs = this.#timeline.nowMs();
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("error", () => undefined);
    let received: Buffer = Buffer.alloc(0);
    const onData = (bytes: Buffer): void => {
      received = Buffer.concat([received, bytes]);
      const end = received.indexOf("\r\n\r\n");
      if (end === -1) return;
      socket.off("data", onData);
      const head = received.subarray(0, end + 4).toString("latin1");
      if (/^upgrade:\s*websocket/im.test(head))
        this.#upgrade(socket, door, head, received.subarray(end + 4), atMs);
      else this.#passThrough(socket, received);
    };
    socket.on("data", onData);
    socket.on("end", () => socket.writable && !this.#isTapped(socket) && socket.end());
  }

  readonly #tapped = new WeakSet<Socket>();

  #isTapped(socket: Socket): boolean {
    return this.#tapped.has(socket);
  }

  #upgrade(client: Socket, door: Door, head: string, rest: Buffer, atMs: number): void {
    this.#connectionsMade += 1;
    const number = this.#connectionsMade;
    this.#timeline.add({ kind: "dial", connection: number, door }, atMs);
    if (this.knobs.refuseUpgrades) {
      this.#timeline.add({ kind: "refused", connection: number });
      client.end("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    this.#tapped.add(client);
    const server = connect(this.#simPort, "127.0.0.1");
    server.write(this.#rewritten(head, door));
    const connection = new TappedConnection({
      number,
      door,
      client,
      server,
      knobs: this.knobs,
      timeline: this.#timeline,
    });
    this.#connections.add(connection);
    client.on("close", () => this.#connections.delete(connection));
    client.on("data", (bytes: Buffer) => connection.takeFromClient(bytes));
    if (rest.length > 0) connection.takeFromClient(rest);
  }

  /**
   * The simulator makes the resume URL out of the Host header, so this puts our other port there; and the path out of
   * the door, because some clients drop the path of a URL (Discord's have none). All are taken for v10: the simulator
   * speaks no other, and some clients ask for an older one.
   */
  #rewritten(head: string, door: Door): string {
    return head
      .replace(/^GET [^ ?]*/, `GET ${door === "main" ? "/gateway" : "/resume"}`)
      .replace(/^(?<start>GET \S*[?&]v=)\d+/, "$<start>10")
      .replace(/^host:.*$/im, `Host: 127.0.0.1:${this.resumePort}`)
      .replace(/^sec-websocket-extensions:.*\r\n/im, "");
  }

  #passThrough(client: Socket, received: Buffer): void {
    const server = connect(this.#simPort, "127.0.0.1");
    server.on("error", () => client.destroy());
    server.write(received);
    client.pipe(server).pipe(client);
    client.on("close", () => server.destroy());
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return (server.address() as AddressInfo).port;
}
