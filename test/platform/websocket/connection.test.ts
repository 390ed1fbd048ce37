import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { WebSocket, WebSocketServer } from "ws";
import { Connection } from "../../../src/platform/websocket/connection";

const BACKLOG = 1_000_000;
const LARGE = "x".repeat(500_000);

let server: Server;
let peer: WebSocket;
let socket: WebSocket;
let connection: Connection;

beforeEach(async () => {
  const sockets = new WebSocketServer({ noServer: true });
  const opened = new Promise<void>((resolve) => {
    server = createServer().on("upgrade", (request, stream, head) =>
      sockets.handleUpgrade(request, stream, head, (webSocket) => {
        socket = webSocket;
        connection = new Connection(webSocket, request, BACKLOG);
        resolve();
      }),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  peer = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await Promise.all([opened, once(peer, "open")]);
});

afterEach(async () => {
  peer.terminate();
  socket.terminate();
  server.close();
  await once(server, "close");
});

test("a peer who only talks is not listened to until it has read what waits for it", async () => {
  const heard: string[] = [];
  connection.onMessage((text) => heard.push(text));
  peer.pause();
  // Until the operating system takes no more.
  while (socket.bufferedAmount <= BACKLOG) {
    void connection.send(LARGE);
    await new Promise((resolve) => setImmediate(resolve));
  }
  peer.send("first");
  await once(socket, "message");
  expect(socket.isPaused).toBe(true);
  peer.send("second");
  peer.resume();
  await once(socket, "message");
  expect(heard).toEqual(["first", "second"]);
  expect(socket.isPaused).toBe(false);
});

test("a message counts as sent when the network has taken it, and whatever becomes of the socket", async () => {
  await connection.send("text");
  peer.pause();
  const sent = Array.from({ length: 100 }, () => connection.send(LARGE));
  socket.terminate();
  await Promise.all(sent);
  await connection.send("to nobody");
});

test("the advice of a close is left out when it is too long for the protocol", async () => {
  connection.close(4401, `Unauthorized: ${"ä".repeat(100)}`);
  const [code, reason] = (await once(peer, "close")) as [number, Buffer];
  expect([code, String(reason)]).toEqual([4401, "Unauthorized"]);
});

test("a message in parts arrives as one, whatever its length, and in its turn", async () => {
  const lengths = [0, 123, 124, 125, 126, 65_533, 65_534, 65_535, 65_536, 300_000];
  const received: string[] = [];
  const all = new Promise<void>((resolve) => {
    peer.on("message", (data: Buffer) => {
      received.push(data.toString());
      if (received.length === lengths.length * 2) resolve();
    });
  });
  const texts = lengths.flatMap((length) => [`<${"x".repeat(length)}ü`, `after ${length}`]);
  for (const [index, text] of texts.entries()) {
    if (index % 2 === 1) void connection.send(text);
    else void connection.sendParts(Buffer.from("<"), Buffer.from(text.slice(1, -1)), Buffer.from("ü"));
  }
  await all;
  expect(received).toEqual(texts);
});

test("who is told of one event may be told of the next at once, and who does not take it waits", async () => {
  const small = Buffer.from("x");
  expect(connection.sendParts(small)).toBeNull();
  // In the same turn: it goes out together with the one before.
  await connection.sendParts(small);
  peer.pause();
  const large = Buffer.from(LARGE);
  const taken = Array.from({ length: 20 }, () => connection.sendParts(large));
  expect(taken).not.toContain(null);
  const waiting = connection.sendParts(small);
  let received = 0;
  const all = new Promise<void>((resolve) => {
    peer.on("message", () => {
      received += 1;
      if (received === 21) resolve();
    });
  });
  peer.resume();
  await Promise.all([...taken, waiting, all]);
  expect(connection.sendParts(small)).toBeNull();
});
