import type { Identity } from "../authentication";
import type { Connection } from "./connection";

/** Who is connected, by credential: one key, or one customer's token. */
export class Roster {
  readonly #groups = new Map<string, { readonly identity: Identity; readonly connections: Set<Connection> }>();

  /** How many sockets a credential has. */
  count(identity: Identity): number {
    return this.#groups.get(nameOf(identity))?.connections.size ?? 0;
  }

  add(connection: Connection, identity: Identity): void {
    const group = this.#groups.get(nameOf(identity)) ?? { identity, connections: new Set() };
    this.#groups.set(nameOf(identity), group);
    group.connections.add(connection);
  }

  remove(connection: Connection, identity: Identity): void {
    const group = this.#groups.get(nameOf(identity));
    group?.connections.delete(connection);
    if (group?.connections.size === 0) this.#groups.delete(nameOf(identity));
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
