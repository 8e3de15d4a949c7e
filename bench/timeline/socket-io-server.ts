// The peer of a burst: a Socket.IO server, in a process of its own, that broadcasts and stores nothing.
import { createServer } from "node:http";
import { Server } from "socket.io";

const http = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const events: unknown = JSON.parse(Buffer.concat(chunks).toString());
    if (Array.isArray(events)) for (const event of events) sockets.emit("event", event);
    response.end();
  });
});
const sockets = new Server(http, { transports: ["websocket"], serveClient: false });

http.listen(0, "127.0.0.1", () => {
  const address = http.address();
  if (address !== null && typeof address === "object") process.send?.({ port: address.port });
});
process.on("disconnect", () => process.exit(0));
