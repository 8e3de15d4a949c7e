// Loaded before the command line (`node --import`): every way out throws, and says so on stderr.
import dgram from "node:dgram";
import dns from "node:dns";
import net from "node:net";

/** @param {string} way */
function block(way) {
  return () => {
    process.stderr.write(`NETWORK USED: ${way}\n`);
    throw new Error(`the network is blocked: ${way}`);
  };
}

globalThis.fetch = block("fetch");
globalThis.WebSocket = class {
  constructor() {
    block("WebSocket")();
  }
};
net.Socket.prototype.connect = block("net");
dgram.createSocket = block("dgram");
dns.lookup = block("dns.lookup");
dns.resolve = block("dns.resolve");
