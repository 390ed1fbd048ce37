import { MARKET_CREDITS, of, type Stage } from "./stage";

/** A marketplace prices tokens: to the micro-credit. */
export async function market({ admin, service, tell }: Stage) {
  const named = { externalId: "grace", creditType: MARKET_CREDITS };
  await admin.do("createAccount", { externalId: "grace", name: "Grace" }, "account { id }");
  await admin.do("openWallet", named, "wallet { id }");
  await admin.do("grantCredits", { ...named, kind: "PURCHASED", amount: "10", idempotencyKey: "grace-1" }, "transaction { id }");
  const quantities = [...of("input", 1_234_567), ...of("output", 345_678)];
  const { transaction } = await service.do<Spent>(
    "spend",
    { ...named, operation: "model.call", quantities, idempotencyKey: "grace-2" },
    "transaction { amount balanceAfter { available } price { lines { words amount } } }",
  );
  tell(`\nOn a marketplace, 1,234,567 input and 345,678 output tokens cost ${transaction.amount}:`);
  for (const { words, amount } of transaction.price.lines) tell(`    ${words}: ${amount}`);
  return transaction;
}

interface Spent {
  readonly transaction: {
    readonly amount: string;
    readonly balanceAfter: { readonly available: string };
    readonly price: { readonly lines: readonly { readonly words: string; readonly amount: string }[] };
  };
}
