import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ADMIN, type Api, createApi, customer, externalIdOf, SERVICE } from "../support/api";

/** What operators did, as it stands in the log. */

let api: Api;
let keys = 0;

beforeAll(async () => {
  api = await createApi();
});

afterAll(() => api.stop());

interface Entry {
  readonly id: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly accountId: string | null;
  readonly before: object | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly reason: string | null;
}

interface Log {
  readonly auditLog: {
    readonly edges: readonly { readonly node: Entry }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  };
}

const LOG = `query ($filter: AuditFilter, $first: Int, $after: String) { auditLog(filter: $filter, first: $first, after: $after) {
  edges { node { id at actor action subject accountId before after reason } } pageInfo { hasNextPage endCursor } } }`;

async function log(filter: object = {}): Promise<readonly Entry[]> {
  return (await api.ask<Log>(LOG, { filter })).auditLog.edges.map(({ node }) => node);
}

const ROLE = { ...ADMIN, actor: "mallory" };

/** Does a mutation as an operator; answers what it put into the log since, the latest first. */
async function entriesOf(mutation: string, input: object, fields = "refusal { code message }"): Promise<readonly Entry[]> {
  const [before] = await log();
  const { refusal } = await api.mutate<{ refusal: { message: string } | null }>(mutation, input, fields, ROLE);
  if (refusal) throw new Error(refusal.message);
  const entries = await log();
  const known = before ? entries.findIndex(({ id }) => id === before.id) : entries.length;
  return entries.slice(0, known);
}

describe("the audit log", () => {
  test("says of each act of an operator who did what to what, what was before and after, and why", async () => {
    const wallet = await api.wallet("100");
    const { id: walletId, accountId } = wallet;
    const account = walletId.replace("wal", "acc").replace(/_\d+$/, "");
    const by = (action: string, subject: string, rest: object) => ({ actor: "mallory", action, subject, ...rest });
    const transaction = (sequence: number) => `${walletId.replace("wal", "txn")}_${sequence}`;
    const balance = (available: string, rest: object = {}) => ({
      available,
      held: "0",
      pending: "0",
      debt: "0",
      overdraft: "0",
      ...rest,
    });
    const key = () => ({ idempotencyKey: `${walletId}-${++keys}` });
    expect(await entriesOf("grantCredits", { walletId, kind: "PROMO", amount: "5", reason: "a gift", ...key() })).toEqual([
      expect.objectContaining(
        by("grantCredits", transaction(2), {
          accountId: account,
          before: balance("100"),
          after: balance("105"),
          reason: "a gift",
        }),
      ),
    ]);
    const grantId = `${walletId.replace("wal", "gr")}_2`;
    expect(await entriesOf("voidGrant", { grantId, reason: "by mistake", ...key() })).toEqual([
      expect.objectContaining(by("voidGrant", transaction(3), { after: balance("100"), reason: "by mistake" })),
    ]);
    expect(await entriesOf("adjustBalance", { walletId, amount: "-1", reason: "an error", ...key() })).toEqual([
      expect.objectContaining(by("adjustBalance", transaction(4), { after: balance("99"), reason: "an error" })),
    ]);
    expect(await entriesOf("setOverdraft", { walletId, limit: "7", ...key() })).toEqual([
      expect.objectContaining(by("setOverdraft", transaction(5), { after: balance("99", { overdraft: "7" }) })),
    ]);
    const other = await api.wallet();
    expect(await entriesOf("transferCredits", { fromWalletId: walletId, toWalletId: other.id, amount: "9", ...key() })).toEqual([
      expect.objectContaining(by("transferCredits", `${other.id.replace("wal", "txn")}_1`, { after: balance("9") })),
      expect.objectContaining(by("transferCredits", transaction(6), { after: balance("90", { overdraft: "7" }) })),
    ]);
    await api.mutate("spend", { walletId, amount: "3", ...key() }, "replayed", SERVICE);
    expect(await entriesOf("refundSpend", { transactionId: transaction(7), reason: "it failed", ...key() })).toEqual([
      expect.objectContaining(by("refundSpend", transaction(8), { reason: "it failed" })),
    ]);
    expect(await log({ externalId: externalIdOf({ accountId }), action: "voidGrant" })).toHaveLength(1);
  });

  test("has what operators keep: accounts, credit types, wallets, policies, keys, thresholds and prices", async () => {
    const made = async (mutation: string, input: object) =>
      (await entriesOf(mutation, input)).map(({ action, before, after }) => ({ action, before, after }));
    expect(await made("createAccount", { externalId: "acme", name: "Acme" })).toEqual([
      { action: "createAccount", before: null, after: { externalId: "acme", name: "Acme", timeZone: "UTC", metadata: null } },
    ]);
    expect(await made("createCreditType", { name: "images" })).toEqual([
      {
        action: "createCreditType",
        before: null,
        after: { name: "images", policy: 1, refundGrace: "P7D", expiryNotice: "P3D", defaultExpiry: null },
      },
    ]);
    expect(await made("openWallet", { externalId: "acme", creditType: "images" })).toEqual([
      { action: "openWallet", before: null, after: { creditType: expect.stringMatching(/^ct_/), policy: null } },
    ]);
    const policy = ["PRIORITY", "KIND", "EXPIRY", "SCOPE", "EFFECTIVE"];
    expect(await made("setPolicy", { creditType: "images", policy })).toEqual([
      { action: "setPolicy", before: { policy: 1 }, after: { policy: 2 } },
    ]);
    const { id: walletId } = await api.wallet();
    expect(await made("setPolicy", { walletId, policy })).toEqual([
      { action: "setPolicy", before: { policy: null }, after: { policy: 2 } },
    ]);
    expect(await made("setAlertThreshold", { walletId, amount: "5" })).toEqual([
      { action: "setAlertThreshold", before: null, after: { amount: "5" } },
    ]);
    expect(await made("removeAlertThreshold", { thresholdId: `${walletId.replace("wal", "thr")}_1` })).toEqual([
      { action: "removeAlertThreshold", before: { amount: "5" }, after: null },
    ]);
    const [created] = await entriesOf("createApiKey", { role: "SERVICE", name: "backend" });
    expect(created).toMatchObject({
      action: "createApiKey",
      before: null,
      after: { role: "SERVICE", name: "backend", revokedAt: null },
    });
    expect(JSON.stringify(created)).not.toContain("hash");
    expect(await made("revokeApiKey", { apiKeyId: created?.subject })).toMatchObject([
      { action: "revokeApiKey", before: { revokedAt: null }, after: { revokedAt: expect.any(String) } },
    ]);
    const prices = [{ operation: "image", flat: "5" }];
    const [published] = await entriesOf("publishPrices", { creditType: "images", prices, reason: "opening" });
    expect(published).toMatchObject({ action: "publishPrices", before: null, after: { number: 1 }, reason: "opening" });
    const later = { creditType: "images", basedOn: 1, prices, effectiveFrom: "2999-01-01T00:00:00Z" };
    const [planned] = await entriesOf("publishPrices", later);
    expect(planned).toMatchObject({ subject: published?.subject, before: published?.after, after: { number: 2 } });
    expect(await made("withdrawPrices", { versionId: planned?.after?.["id"] })).toMatchObject([
      { action: "withdrawPrices", before: { withdrawnAt: null }, after: { withdrawnAt: expect.any(String) } },
    ]);
  });

  test("has nothing of what was refused, had been done before, or is no operator's act", async () => {
    const { id: walletId, accountId } = await api.wallet("10");
    const grant = { walletId, kind: "PROMO", amount: "5", idempotencyKey: "audited grant" };
    expect(await entriesOf("grantCredits", grant)).toHaveLength(1);
    expect(await entriesOf("grantCredits", grant)).toEqual([]);
    expect(await entriesOf("createAccount", { externalId: "twice" })).toHaveLength(1);
    expect(await entriesOf("createAccount", { externalId: "twice" })).toEqual([]);
    expect(await entriesOf("spend", { walletId, amount: "1", idempotencyKey: "an operator's spend" })).toEqual([]);
    const before = await log();
    await api.mutate("adjustBalance", { walletId, amount: "-99", reason: "too much", idempotencyKey: "refused" }, "replayed");
    await api.mutate("setAlertThreshold", { walletId, amount: "3" }, "refusal { code }", customer(accountId));
    expect(await log()).toEqual(before);
  });

  test("is read page by page, the latest first, and found by what is known of an act", async () => {
    const { id: walletId } = await api.wallet("10");
    const grant = { walletId, kind: "PROMO", amount: "5" };
    for (const idempotencyKey of ["a", "b", "c"])
      await entriesOf("grantCredits", { ...grant, idempotencyKey: `paged ${idempotencyKey}` });
    const filter = { actor: "mallory", action: "grantCredits" };
    const first = (await api.ask<Log>(LOG, { filter, first: 2 })).auditLog;
    const next = (await api.ask<Log>(LOG, { filter, first: 2, after: first.pageInfo.endCursor })).auditLog;
    const sequences = [...first.edges, ...next.edges].map(({ node }) => Number(node.subject.split("_").at(-1)));
    expect(sequences.slice(0, 3)).toEqual([4, 3, 2]);
    expect(first.pageInfo.hasNextPage).toBe(true);
    const [latest] = first.edges;
    expect(await log({ subject: latest?.node.subject })).toEqual([latest?.node]);
    expect(await api.ask("query ($id: ID!) { node(id: $id) { id } }", { id: latest?.node.id })).toEqual({
      node: { id: latest?.node.id },
    });
    expect(await log({ actor: "nobody" })).toEqual([]);
    expect(await log({ externalId: "nobody" })).toEqual([]);
    expect(await log({ from: "2999-01-01T00:00:00Z" })).toEqual([]);
    expect(await log({ to: "1971-01-01T00:00:00Z" })).toEqual([]);
  });

  test("cannot be changed by the server, nor can versions of prices", async () => {
    for (const statement of [
      "UPDATE audit_log SET actor = 'nobody'",
      "DELETE FROM audit_log",
      "UPDATE price_versions SET prices = '[]'",
      "DELETE FROM price_versions",
      "DELETE FROM price_lists",
    ])
      await expect(api.core.pool.query(statement)).rejects.toMatchObject({ code: "42501" });
  });

  test("is for operators alone", async () => {
    const [latest] = await log();
    const { accountId } = await api.wallet();
    for (const identity of [SERVICE, customer(accountId)]) {
      expect(await api.errors(LOG, {}, identity)).toEqual(["FORBIDDEN"]);
      expect(await api.ask("query ($id: ID!) { node(id: $id) { id } }", { id: latest?.id }, identity)).toEqual({ node: null });
    }
  });
});
