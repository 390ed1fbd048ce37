import type { DocumentNode } from "graphql";
import type { Identity } from "../authentication";
import { rateLimited } from "../graphql/errors";
import type { Connection } from "./connection";

interface Group {
  readonly identity: Identity;
  readonly connections: Set<Connection>;
  /** What its subscriptions keep: how many of them each document has. */
  readonly kept: Map<DocumentNode, number>;
  tokens: number;
}

/** Who is connected, by credential: one key, or one customer's token. */
export class Roster {
  readonly #groups = new Map<string, Group>();

  /** How many sockets a credential has. */
  count(identity: Identity): number {
    return this.#groups.get(nameOf(identity))?.connections.size ?? 0;
  }

  add(connection: Connection, identity: Identity): void {
    const group = this.#groups.get(nameOf(identity)) ?? { identity, connections: new Set(), kept: new Map(), tokens: 0 };
    this.#groups.set(nameOf(identity), group);
    group.connections.add(connection);
  }

  remove(connection: Connection, identity: Identity): void {
    const group = this.#groups.get(nameOf(identity));
    group?.connections.delete(connection);
    if (group?.connections.size === 0) this.#groups.delete(nameOf(identity));
  }

  /**
   * Counts a document that a subscription keeps, also when the judge of documents has forgotten it; once, however many
   * subscriptions have it. Answers how to say that one has it no more. Throws when the credential keeps more than so many tokens.
   */
  keep(identity: Identity, document: DocumentNode, tokens: number, most: number): () => void {
    const group = this.#groups.get(nameOf(identity));
    if (group === undefined) return () => undefined;
    const { kept } = group;
    if (!kept.has(document)) {
      if (group.tokens + tokens > most)
        throw rateLimited("This credential subscribes with too many different documents: use variables instead.", 1);
      group.tokens += tokens;
    }
    kept.set(document, (kept.get(document) ?? 0) + 1);
    return () => {
      const others = (kept.get(document) ?? 0) - 1;
      if (others > 0) kept.set(document, others);
      else if (kept.delete(document)) group.tokens -= tokens;
    };
  }

  /**
   * Answers the sockets of credentials that are not valid any more. Each credential is asked for once, however many sockets it has. One
   * that cannot be checked now stays, and is told with its error.
   */
  async invalid(
    stillValid: (identity: Identity) => Promise<boolean>,
    unknown: (error: unknown) => void,
  ): Promise<readonly Connection[]> {
    const checked = [...this.#groups.values()].map(async ({ identity, connections }) => {
      try {
        return (await stillValid(identity)) ? [] : [...connections];
      } catch (error) {
        unknown(error);
        return [];
      }
    });
    return (await Promise.all(checked)).flat();
  }
}

function nameOf({ role, keyId, actor }: Identity): string {
  return JSON.stringify([role, keyId, actor]);
}
