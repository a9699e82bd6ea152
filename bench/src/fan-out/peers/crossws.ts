/** crossws on Node, which is what Nitro and h3 have below: every peer is subscribed to one topic. */
import { createServer } from "node:http";
import crossws from "crossws/adapters/node";
import { serve } from "./peer-orders.ts";

const TOPIC = "changes";
const server = createServer();
const adapter = crossws({
  hooks: {
    open: (peer) => peer.subscribe(TOPIC),
  },
});
server.on("upgrade", (request, socket, head) => void adapter.handleUpgrade(request, socket, head));
serve(server, (change) => adapter.publish(TOPIC, JSON.stringify(change)));
