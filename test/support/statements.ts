import { jest } from "@jest/globals";
import { Client } from "pg";

/**
 * Tells of each statement that this process sends to a database, by its name, until mocks are restored. What `told` answers with a promise
 * is sent only when that is kept: so something can be done at exactly this moment.
 */
export function watchStatements(told: (name: string) => Promise<unknown> | undefined): void {
  type Send = (this: Client, ...given: unknown[]) => unknown;
  const send = Client.prototype.query as unknown as Send;
  const watched: Send = function (...given) {
    const [statement] = given as [{ readonly name?: string } | undefined];
    const wait = told(statement?.name ?? "");
    return wait ? wait.then(() => send.apply(this, given)) : send.apply(this, given);
  };
  jest.spyOn(Client.prototype, "query").mockImplementation(watched as never);
}
