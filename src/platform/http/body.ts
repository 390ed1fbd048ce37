import type { IncomingMessage } from "node:http";
import { badRequest } from "../graphql/errors";
import { HttpError } from "./http-error";

/** The connection broke before the request was there. */
export class ClientGone extends Error {}

/**
 * Reads a JSON body as text. Throws HttpError: 415 for what is not JSON in UTF-8, 413 for more than `most` bytes (the rest is not kept),
 * 400 for text that is not UTF-8; and ClientGone when there is nobody any more to answer.
 */
export async function readJsonText(request: IncomingMessage, most: number): Promise<string> {
  checkType(request);
  if (Number(request.headers["content-length"] ?? 0) > most) throw tooLarge(most);
  const bytes = await collect(request, most);
  try {
    return UTF_8.decode(bytes);
  } catch {
    throw badRequest("The body must be UTF-8.");
  }
}

/** One for all: making one takes as long as reading with it. */
const UTF_8 = new TextDecoder("utf-8", { fatal: true });

function checkType({ headers }: IncomingMessage): void {
  const [type = "", ...parameters] = (headers["content-type"] ?? "").toLowerCase().split(";");
  // What is not JSON a web page could send anywhere without being asked for permission: see CSRF.
  if (type.trim() !== "application/json") throw new HttpError(415, "The body must be JSON: send Content-Type: application/json.");
  const charset = parameters.map((parameter) => /^\s*charset\s*=\s*"?([^"\s]+)"?\s*$/.exec(parameter)?.[1]).find(Boolean);
  if (charset !== undefined && charset !== "utf-8" && charset !== "utf8") throw new HttpError(415, "The body must be UTF-8.");
  const encoding = headers["content-encoding"] ?? "identity";
  if (encoding.toLowerCase() !== "identity") throw new HttpError(415, "The body must not be compressed.");
}

function collect(request: IncomingMessage, most: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      if (size <= most) {
        chunks.push(chunk);
        return;
      }
      request.off("data", take);
      reject(tooLarge(most));
    };
    request.on("data", take);
    request.once("end", () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    request.once("error", () => reject(new ClientGone()));
    request.once("close", () => {
      if (!request.complete) reject(new ClientGone());
    });
  });
}

function tooLarge(most: number): HttpError {
  return new HttpError(413, `The body must have at most ${most} bytes.`);
}

/**
 * Takes in what is left of a body that nobody wants, so that the client can finish sending and read the answer; a client that goes on
 * for more than `most` bytes is cut off.
 */
export function discardBody(request: IncomingMessage, most: number): void {
  if (request.complete) return;
  let size = 0;
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > most) request.destroy();
  });
  request.on("error", () => undefined);
  request.resume();
}

/** Resolves when a body that nobody wants has come to its end, or will not. */
export async function readToEnd(request: IncomingMessage, most: number): Promise<void> {
  discardBody(request, most);
  if (!request.complete && !request.destroyed)
    await new Promise<void>((resolve) => request.once("close", () => resolve()).once("end", () => resolve()));
}
