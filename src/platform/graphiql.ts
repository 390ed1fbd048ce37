import { readFile } from "node:fs/promises";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { join } from "node:path";

/** The keys of the demo data, and the wallet that they are shown with. Nothing else is ever served from here. */
export interface DemoFacts {
  readonly adminKey: string;
  readonly serviceKey: string;
  /** Null: the server cannot sign any. */
  readonly customerToken: string | null;
  readonly walletId: string;
}

export interface GraphiqlOptions {
  /** Where the build puts the bundle; it need not be there yet. */
  readonly folder: string;
  /** The demo's facts; null while, or when, there is no demo data. */
  readonly demo: () => DemoFacts | null;
}

/** Answers whether the request was one of GraphiQL's; the response is then taken care of. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => boolean;

type Serve = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

interface File {
  readonly path: string;
  readonly extension: string;
  /** The Cache-Control to send it with. */
  readonly cache: string;
}

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  txt: "text/plain; charset=utf-8",
};

/** One path segment of the bundle: no separator and no leading dot can stand in it, so it never leaves the folder. */
const ASSET = /^\/graphiql\/([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.(css|js|txt))$/;

/** Styles are inline because the editor writes them so; everything else is a file of this server. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const HEADERS = {
  "content-security-policy": POLICY,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

const ON_ITS_WAY = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><meta http-equiv="refresh" content="1"><title>Tranche</title></head>
  <body>
    <p>GraphiQL is being built, which takes a few seconds; this page then shows it. If it does not, see the server's output.</p>
    <p>The GraphQL endpoint, <code>/graphql</code>, answers already.</p>
  </body>
</html>
`;

/**
 * Serves GraphiQL: the page at `/`, its files under `/graphiql/`, and the demo's facts at `/graphiql/demo.json`. Until the bundle
 * is there, `/` says that it is on its way (503).
 */
export function graphiqlHandler(options: GraphiqlOptions): Handler {
  return (request, response) => {
    const serve = serveOf(pathOf(request), options);
    if (serve === null) return false;
    if (request.method !== "GET" && request.method !== "HEAD") {
      send(request, response, 405, "Only GET and HEAD.\n", { "content-type": TYPES.txt, allow: "GET, HEAD" });
    } else {
      // A fault in the middle of an answer: there is no status left to tell it with.
      serve(request, response).catch(() => response.destroy());
    }
    return true;
  };
}

function serveOf(path: string, { folder, demo }: GraphiqlOptions): Serve | null {
  if (path === "/") return servePage(join(folder, "index.html"));
  if (path === "/graphiql/demo.json") return serveFacts(demo);
  const [, name, extension] = ASSET.exec(path) ?? [];
  return name !== undefined && extension !== undefined ? serveAsset(join(folder, name), extension) : null;
}

function servePage(path: string): Serve {
  return async (request, response) => {
    const sent = await sendFile(request, response, { path, extension: "html", cache: "no-cache" });
    if (!sent) send(request, response, 503, ON_ITS_WAY, { "content-type": TYPES.html, "retry-after": "1" });
  };
}

function serveAsset(path: string, extension: string): Serve {
  return async (request, response) => {
    // The names carry a hash of the content.
    const sent = await sendFile(request, response, { path, extension, cache: "public, max-age=31536000, immutable" });
    if (!sent) notFound(request, response);
  };
}

function serveFacts(demo: GraphiqlOptions["demo"]): Serve {
  return async (request, response) => {
    const known = isFromThisMachine(request) ? demo() : null;
    if (known === null) return notFound(request, response);
    const { adminKey, serviceKey, customerToken, walletId } = known;
    const body = JSON.stringify({ adminKey, serviceKey, customerToken, walletId });
    send(request, response, 200, body, { "content-type": "application/json" });
  };
}

/** Without the query; never decoded, so that an encoded separator stays what it is. */
function pathOf(request: IncomingMessage): string {
  return (request.url ?? "").split("?", 1)[0] ?? "";
}

/**
 * Whether a browser or a script on this machine asks, directly and for itself. The demo's keys are for nobody else:
 * - another machine: its address is not a loopback one;
 * - a proxy on this machine that speaks for others: it says so in a header, or speaks HTTP/1.0 (nginx as it comes);
 * - another site's page in a local browser: the browser tells the site, and keeps answers without CORS headers from it;
 * - such a page under a name of its own that resolves to this machine: the Host is not a local name.
 */
function isFromThisMachine(request: IncomingMessage): boolean {
  const { headers } = request;
  const forwarded = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"].some((name) => name in headers);
  const site = headers["sec-fetch-site"];
  return (
    isLoopback(request.socket.remoteAddress) &&
    isLocalName(headers.host) &&
    !forwarded &&
    request.httpVersion !== "1.0" &&
    (site === undefined || site === "same-origin" || site === "none")
  );
}

function isLoopback(address: string | undefined): boolean {
  return address === "::1" || /^(::ffff:)?127\.\d+\.\d+\.\d+$/.test(address ?? "");
}

function isLocalName(host: string | undefined): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(host ?? "");
}

/** Sends a file of the bundle, compressed when the client takes it so. False: there is no such file. */
async function sendFile(request: IncomingMessage, response: ServerResponse, file: File): Promise<boolean> {
  const takesGzip = /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""));
  const compressed = takesGzip ? await contentOf(`${file.path}.gz`) : null;
  const content = compressed ?? (await contentOf(file.path));
  if (content === null) return false;
  send(request, response, 200, content, {
    "content-type": TYPES[file.extension],
    "cache-control": file.cache,
    vary: "accept-encoding",
    ...(compressed === null ? {} : { "content-encoding": "gzip" }),
  });
  return true;
}

async function contentOf(path: string): Promise<Buffer | null> {
  return readFile(path).catch(() => null);
}

function notFound(request: IncomingMessage, response: ServerResponse): void {
  send(request, response, 404, "Not found.\n", { "content-type": TYPES.txt });
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  body: string | Buffer,
  headers: OutgoingHttpHeaders,
): void {
  response.writeHead(status, { ...HEADERS, "cache-control": "no-store", "content-length": Buffer.byteLength(body), ...headers });
  response.end(request.method === "HEAD" ? undefined : body);
}
