import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A road to a database, or to a server, that can be cut. */
export interface Road {
  readonly url: string;
  /** Cuts all connections; new ones are let through. */
  cut(): void;
  /** Cuts the connection that sends `word` next, once it was passed on: what is answered is lost. */
  cutAfter(word: string): void;
  readonly cuts: number;
  close(): Promise<void>;
}

export async function startProxy(targetUrl: string): Promise<Road> {
  const target = new URL(targetUrl);
  const sockets = new Set<Socket>();
  let awaited: string | null = null;
  let cuts = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let deaf = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => sockets.delete(socket));
    }
    client.on("data", (data) => {
      if (awaited !== null && data.includes(awaited)) {
        awaited = null;
        deaf = true;
        cuts += 1;
        // The answer shows that the work is done; it is dropped with the connection.
        upstream.once("data", () => client.destroy());
      }
      upstream.write(data);
    });
    upstream.on("data", (data) => {
      if (!deaf) client.write(data);
    });
    client.on("close", () => upstream.end());
    upstream.on("close", () => client.end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(targetUrl);
  url.hostname = "127.0.0.1";
  url.port = String((server.address() as AddressInfo).port);
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.toString(),
    cut,
    cutAfter: (word) => {
      awaited = word;
    },
    get cuts() {
      return cuts;
    },
    close: async () => {
      cut();
      server.close();
      await once(server, "close");
    },
  };
}
