import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { WebSocket } from "ws";
import type { Identity } from "../authentication";
import type { Clock } from "../context";
import { mayBeUnstorable } from "../graphql/text";
import { textFrame } from "./frame";
import { OperationNames } from "./messages";

/** How a socket is closed, and what clients make of it: those of graphql-ws connect again after 4403 and 1xxx, and give up otherwise. */
export const CLOSE = {
  goingAway: 1001,
  tryAgainLater: 1013,
  badMessage: 4400,
  unauthorized: 4401,
  forbidden: 4403,
  nameTaken: 4409,
  tooMany: 4429,
  internalError: 4500,
} as const;

/** Bytes: what the protocol leaves for it. */
const LONGEST_REASON = 123;

/** Bytes: a token, and what is said beside it. Whoever is not known yet has no more kept for it, and no five megabytes a socket. */
const LONGEST_INTRODUCTION = 32_768;

/** Bytes: what is longer is always waited for, so that it counts when the peer is not listened to for what waits to be sent. */
const LONGEST_UNWATCHED = 16_384;

/** The streams of those that something was sent to in this turn. */
let gathered: Socket[] = [];

/** What is sent in one turn goes out in one write: the answers of a batch that came over one socket, or a burst of refusals. */
function gather(stream: Socket): void {
  if (stream.writableCorked > 0) return;
  stream.cork();
  if (gathered.push(stream) === 1) process.nextTick(sendGathered);
}

function sendGathered(): void {
  const streams = gathered;
  gathered = [];
  for (const stream of streams) stream.uncork();
}

let connections = 0;

/** One WebSocket, as GraphQL's protocol needs it: messages of text, and nothing piling up in either direction. */
export class Connection {
  /** Names it in the log of this process. */
  readonly id = ++connections;
  #identity: Identity | null = null;
  #forgetExpiry: () => void = () => undefined;
  readonly operations = new OperationNames(() => this.isOpen);
  /** Whether the client has asked to be told what its operations cost. */
  wantsCost = false;
  /** Whether a message may have said something that cannot be stored: from then on all are looked through. */
  suspicious = false;
  #answered = true;
  private readonly stream: Socket;

  constructor(
    private readonly socket: WebSocket,
    request: IncomingMessage,
    private readonly backlogBytes: number,
  ) {
    this.stream = request.socket;
    socket.on("pong", () => {
      this.#answered = true;
    });
    this.#limitIntroduction();
  }

  /** By what arrives, not by whole messages: those that are never finished count as well. */
  #limitIntroduction(): void {
    const socket = this.stream;
    let bytes = 0;
    const count = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (this.#identity !== null) socket.off("data", count);
      else if (bytes > LONGEST_INTRODUCTION) this.terminate();
    };
    socket.on("data", count);
  }

  /** Who is at the other end; null until it has said so. */
  get identity(): Identity | null {
    return this.#identity;
  }

  /** The client is known from now on, until its credential expires: then the socket is closed. */
  identify(identity: Identity, clock: Clock): void {
    this.#identity = identity;
    if (identity.expiresAt !== null)
      this.#forgetExpiry = clock.at(identity.expiresAt, () =>
        this.close(CLOSE.forbidden, "Forbidden: the credential has expired"),
      );
  }

  /** The socket has closed. */
  forget(): void {
    this.#forgetExpiry();
  }

  get protocol(): string {
    return this.socket.protocol;
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  /** Resolves when the message has been handed to the network, and so not before a slow peer has taken what was before it. */
  send(text: string): Promise<void> {
    return this.#send((sent) => this.socket.send(text, sent));
  }

  /**
   * The same for a message in parts, of which others may be sent the same ones. It goes past ws, which needs four writes to its socket
   * where one does: nothing is compressed here, so ws keeps nothing back that it would overtake. Null: nothing was waiting to be sent,
   * and another may follow at once, which a peer that is slow will have wait.
   */
  sendParts(...parts: readonly Buffer[]): Promise<void> | null {
    const frame = textFrame(...parts);
    const mustWait = this.stream.writableLength > 0 || frame.length > LONGEST_UNWATCHED || this.socket.isPaused;
    if (mustWait) return this.#send((sent) => this.stream.write(frame, sent));
    if (!this.isOpen) return null;
    gather(this.stream);
    this.stream.write(frame);
    return null;
  }

  #send(write: (sent: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      if (!this.isOpen) return resolve();
      gather(this.stream);
      // A failure is a socket that breaks: whoever needs to know learns of it by its being closed.
      write(() => {
        if (this.socket.isPaused && this.socket.bufferedAmount <= this.backlogBytes / 2) this.socket.resume();
        resolve();
      });
    });
  }

  /** Calls back with each message. Nothing more is read while too much waits to be sent: a peer that only talks is not listened to. */
  onMessage(callback: (text: string) => void): void {
    // One buffer a message: ws gives others only to those who ask for them.
    this.socket.on("message", (data: Buffer) => {
      const text = data.toString();
      if (mayBeUnstorable(text)) this.suspicious = true;
      callback(text);
      if (this.socket.bufferedAmount > this.backlogBytes) this.socket.pause();
    });
  }

  /** `reason`: what is the matter, and after a colon what to do about it; that is left out where there is no room for it. */
  close(code: number, reason: string): void {
    const [matter = ""] = reason.split(":");
    if (this.isOpen) this.socket.close(code, [reason, matter].find((one) => Buffer.byteLength(one) <= LONGEST_REASON) ?? "");
  }

  /** Asks the peer for a sign of life; cuts it off when it has given none since it was last asked. */
  ping(): void {
    if (!this.#answered) this.socket.terminate();
    this.#answered = false;
    if (this.isOpen) this.socket.ping();
  }

  terminate(): void {
    this.socket.terminate();
  }
}
