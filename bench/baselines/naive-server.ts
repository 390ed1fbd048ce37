import "reflect-metadata";
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ApolloServer } from "@apollo/server";
import { expressMiddleware } from "@as-integrations/express5";
import express from "express";
import { DataSource, IsNull } from "typeorm";
import { dataSourceOptions } from "../../ormconfig";
import { TransactionRow } from "../../src/wallet/store/ledger.rows";
import { GrantRow, WalletRow } from "../../src/wallet/store/wallet.rows";

/**
 * Baseline (c): the server that most people would write. Apollo and Express, a resolver that opens a TypeORM transaction, locks the wallet
 * pessimistically, and saves entities; on the same tables. It asks nobody who they are, and limits nothing.
 */

const TYPES = `
  type Transaction { id: ID! sequence: String! amount: String! }
  type SpendPayload { transaction: Transaction replayed: Boolean! }
  input SpendInput { walletId: ID! amount: String! operation: String idempotencyKey: String! }
  type Query { ready: Boolean! }
  type Mutation { spend(input: SpendInput!): SpendPayload! }`;

interface SpendInput {
  readonly walletId: string;
  readonly amount: string;
  readonly operation: string | null;
  readonly idempotencyKey: string;
}

const PROMO = 3;
const MICRO = 1_000_000n;

async function spend(source: DataSource, input: SpendInput): Promise<object> {
  const [accountId = "", creditType = ""] = input.walletId.split("/");
  const creditTypeId = Number(creditType);
  return source.transaction(async (manager) => {
    const wallet = await manager.findOneOrFail(WalletRow, {
      where: { accountId, creditTypeId },
      lock: { mode: "pessimistic_write" },
    });
    const known = await manager
      .createQueryBuilder(TransactionRow, "t")
      .where({ accountId, idempotencyKey: input.idempotencyKey })
      .getOne();
    if (known) return { replayed: true, transaction: shown(known) };
    const grants = await manager
      .createQueryBuilder(GrantRow, "g")
      .where({ accountId, creditTypeId, closedAt: IsNull() })
      .orderBy({ "g.priority": "ASC", "g.expires_at": "ASC", "g.number": "ASC" })
      .getMany();
    const amount = BigInt(input.amount) * MICRO;
    const sequence = wallet.sequence + 1n;
    const numbers: number[] = [];
    const amounts: bigint[] = [];
    let rest = amount;
    for (const grant of grants) {
      if (rest === 0n) break;
      const drawn = grant.available < rest ? grant.available : rest;
      grant.available -= drawn;
      grant.consumed += drawn;
      rest -= drawn;
      grant.changedBy = sequence;
      numbers.push(grant.number);
      amounts.push(drawn);
    }
    if (rest > 0n) throw new Error("not enough credits");
    const now = new Date();
    wallet.sequence = sequence;
    wallet.available -= amount;
    wallet.byKind = wallet.byKind.map((part, kind) => (kind === PROMO ? part - amount : part));
    const { available, held, pending, debt, overdraft, byKind, hash } = wallet;
    const transaction = Object.assign(new TransactionRow(), {
      ...{ accountId, creditTypeId, sequence, amount, available, held, pending, debt, overdraft, byKind },
      ...{ type: "SPEND", operation: input.operation, actor: "bench", idempotencyKey: input.idempotencyKey, policy: 1 },
      ...{ fingerprint: randomBytes(25), previousHash: hash, hash, effectiveAt: now, recordedAt: now },
      ...{ entryGrants: numbers, entryBefores: numbers, entryAmounts: amounts },
      ...{ entrySources: numbers.map(() => "AVAILABLE"), entryPots: numbers.map(() => "CONSUMED") },
    });
    await manager.save(transaction);
    await manager.save(grants);
    await manager.save(wallet);
    return { replayed: false, transaction: shown(transaction) };
  });
}

function shown({ accountId, creditTypeId, sequence, amount }: TransactionRow): object {
  return { id: `${accountId}/${creditTypeId}/${sequence}`, sequence: String(sequence), amount: String(amount / MICRO) };
}

async function main(): Promise<void> {
  const { extra, ...options } = dataSourceOptions(process.env["DATABASE_URL"] ?? "") as { extra: object };
  const source = new DataSource({ ...options, extra: { ...extra, max: 16 } } as ConstructorParameters<typeof DataSource>[0]);
  await source.initialize();
  const apollo = new ApolloServer({
    typeDefs: TYPES,
    resolvers: {
      Query: { ready: () => true },
      Mutation: { spend: (_: unknown, { input }: { readonly input: SpendInput }) => spend(source, input) },
    },
  });
  await apollo.start();
  const app = express();
  app.use("/graphql", express.json(), expressMiddleware(apollo));
  const server = createServer(app).listen(0, "127.0.0.1", () => {
    const { port } = server.address() as AddressInfo;
    process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}/graphql` })}\n`);
  });
  process.once("SIGTERM", () => process.exit(0));
}

void main();
