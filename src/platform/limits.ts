/**
 * What one client may ask for. Everything here is far above what an application needs and far below what hurts: a document at any of
 * these limits is judged in well under a second.
 */
export interface Limits {
  /** Characters of a document. */
  readonly documentCharacters: number;
  /** Names, numbers, texts and punctuation marks of a document. Also bounds what it takes to validate one. */
  readonly documentTokens: number;
  /** Levels of brackets of any kind in a document: graphql-js' parser needs stack for each. */
  readonly documentNesting: number;
  /** Levels of fields in a document, fragments included. */
  readonly depth: number;
  readonly aliases: number;
  /** Fields of an operation itself, fragments included. */
  readonly rootFields: number;
  readonly directives: number;
  /** Fields that the answer may have: see `cost.ts`. */
  readonly cost: number;
  /** Tokens of the documents that are kept parsed and validated; a token takes about half a kilobyte. */
  readonly cachedTokens: number;
  /** Bytes of a request's body, and of a WebSocket message. */
  readonly bodyBytes: number;
  readonly sockets: number;
  /** WebSockets of one credential: one key, or one customer's token. */
  readonly socketsPerCredential: number;
  /** Queries and mutations that are under way at once, of all clients: see `admission.ts`. */
  readonly operations: number;
  /** Characters of a subscription's variables, as JSON: they are kept as long as it lasts. */
  readonly subscriptionVariables: number;
  /** Tokens of the different documents that the subscriptions of one credential keep. */
  readonly keptTokens: number;
  /** Operations that run at once on a WebSocket. */
  readonly socketOperations: number;
  /** How long a new WebSocket may take to say who it is. */
  readonly connectionInitMilliseconds: number;
  /** A WebSocket that has not answered a ping by the next one is cut off. */
  readonly pingMilliseconds: number;
  /** Bytes that may wait to be sent on a WebSocket before nothing more is read from it. */
  readonly socketBacklogBytes: number;
}

export const DEFAULT_LIMITS: Limits = {
  documentCharacters: 200_000,
  documentTokens: 4_000,
  documentNesting: 200,
  depth: 16,
  aliases: 100,
  rootFields: 50,
  directives: 100,
  cost: 20_000,
  cachedTokens: 200_000,
  bodyBytes: 5_000_000,
  sockets: 10_000,
  socketsPerCredential: 1_000,
  operations: 1_000,
  subscriptionVariables: 10_000,
  keptTokens: 50_000,
  socketOperations: 100,
  connectionInitMilliseconds: 5_000,
  pingMilliseconds: 15_000,
  socketBacklogBytes: 1_000_000,
};
