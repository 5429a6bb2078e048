// Loaded before Microsoft's client (`node --require`): it would listen on every interface, and look for metadata of a
// cloud. Behind this guard it listens on loopback, and connects to nothing else.
"use strict";

const net = require("node:net");

const LOOPBACK = "127.0.0.1";
const ALLOWED = new Set([LOOPBACK, "localhost", "::1"]);
const { listen } = net.Server.prototype;
const { connect } = net.Socket.prototype;

const isOptions = (value) => typeof value === "object" && value !== null;

net.Server.prototype.listen = function (first, ...rest) {
  const callbacks = rest.filter((one) => typeof one === "function");
  const asked = isOptions(first) ? first : { port: first };
  return listen.call(this, { ...asked, host: LOOPBACK }, ...callbacks);
};

net.Socket.prototype.connect = function (...given) {
  // net.connect hands on what it was given as one list.
  const [first, second] = Array.isArray(given[0]) ? given[0] : given;
  const host = (isOptions(first) ? first.host : second) || LOOPBACK;
  const isFile = isOptions(first) && first.path; // a socket in the file system leads nowhere else
  if (!isFile && typeof host === "string" && !ALLOWED.has(host)) {
    process.nextTick(() => this.destroy(new Error(`guard: not connected to ${host}`)));
    return this;
  }
  return connect.apply(this, given);
};
