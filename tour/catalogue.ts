import { MARKET, STUDIO, STUDIO_PRO } from "./prices";
import { CREDITS, MARKET_CREDITS, type Stage } from "./stage";

/** What the operator sets up: credit types, price lists, packs, plans. */

const EIGHT_CENTS = { amount: "0.08", currency: "USD" };
const ROLLED_OVER = { percent: 100, maximum: "500", periods: 1 };

const PLANS = [
  { name: "free", title: "Free", allotments: [{ creditType: CREDITS, amount: "100" }] },
  {
    name: "pro",
    title: "Pro",
    price: { amount: "49", currency: "USD" },
    allotments: [{ creditType: CREDITS, amount: "500", rollover: ROLLED_OVER }],
    packs: ["pack-500", "pack-2500"],
  },
  {
    name: "team",
    title: "Team",
    price: { amount: "499", currency: "USD" },
    allotments: [{ creditType: CREDITS, amount: "5000" }],
    overdrafts: [{ creditType: CREDITS, limit: "1000" }],
    packs: ["pack-2500"],
  },
];

const PACKS = [
  { name: "pack-500", title: "500 credits", amount: "500", price: { amount: "40", currency: "USD" } },
  { name: "pack-2500", title: "2,500 credits", amount: "2500", price: { amount: "175", currency: "USD" } },
];

/** Sets it all up; answers the words of the price table that a customer without a plan sees. */
export async function setUp({ admin, tell }: Stage): Promise<readonly string[]> {
  tell("An operator sets up its credit economy.");
  for (const name of [CREDITS, MARKET_CREDITS]) await admin.do("createCreditType", { name }, "creditType { id }");
  await admin.do("publishPrices", { creditType: CREDITS, prices: STUDIO, creditPrice: EIGHT_CENTS, reason: "Launch" }, VERSION);
  await admin.do("publishPrices", { creditType: MARKET_CREDITS, prices: MARKET, reason: "Launch" }, VERSION);
  for (const pack of PACKS) await admin.do("publishPack", { creditType: CREDITS, forEveryone: false, ...pack }, "pack { id }");
  for (const plan of PLANS) await admin.do("publishPlan", plan, "plan { id }");
  await admin.do("publishPrices", { creditType: CREDITS, plan: "pro", prices: STUDIO_PRO }, VERSION);
  const words = await priceTable({ admin });
  for (const line of words) tell(`    ${line}`);
  return words;
}

const VERSION = "version { number }";

async function priceTable({ admin }: Pick<Stage, "admin">): Promise<readonly string[]> {
  const { priceTable: table } = await admin.ask<{
    readonly priceTable: {
      readonly creditWords: string;
      readonly prices: readonly { readonly title: string; readonly words: string }[];
    };
  }>("query($creditType: String!) { priceTable(creditType: $creditType) { creditWords prices { title words } } }", {
    creditType: CREDITS,
  });
  return [table.creditWords, ...table.prices.map(({ title, words }) => `${title}: ${words}`)];
}
