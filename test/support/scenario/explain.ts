import { type Amount, formatAmount } from "../../../src/core/amount";
import { type Explanation, explain } from "../../../src/wallet/model/explain";
import type { Use } from "../../../src/wallet/model/waterfall";
import { doStep } from "./steps";
import { Words } from "./words";
import { type NamedWallet, World } from "./world";

/** Explains what the waterfall would give for a use after a scenario's steps, in the scenario's own wallet and under its names. */
export function explainAfter(scenario: string, use: Use, amount: Amount): { wallet: NamedWallet; explanation: Explanation } {
  const world = new World();
  for (const step of scenario.split(" / ")) doStep(world, new Words(step));
  const wallet = world.wallet("own");
  const { grants, policy } = wallet.history.wallet;
  const name = (number: number) => wallet.grantName(number);
  return { wallet, explanation: explain(grants, policy, world.now, use, amount, name) };
}

/** "1. promo pays 5: priority 1 before 2 of plan" for each candidate, and "- plan: EXPIRED" for each rejected grant. */
export function linesOf({ candidates, rejected }: Explanation, wallet: NamedWallet): readonly string[] {
  return [
    ...candidates.map(({ grant, rank, allocated, reason }) => {
      return `${rank}. ${wallet.grantName(grant.number)} pays ${formatAmount(allocated)}: ${reason}`;
    }),
    ...rejected.map(({ grant, reason }) => `- ${wallet.grantName(grant.number)}: ${reason}`),
  ];
}
