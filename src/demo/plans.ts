import { publishPack } from "../packs";
import { publishPlan } from "../plans";
import type { Core } from "../platform/context";

import { credits } from "./credits";

type NewPlan = Parameters<typeof publishPlan>[1];
type Terms = NewPlan["terms"];
type Allotment = Terms["allotments"][number];

/** What may be bought and subscribed to. Nobody does so yet: the story's own grants are made by hand. */
export async function publishDemoPlans(core: Core, creditTypeId: number): Promise<void> {
  const reason = "the demo's plans";
  const common = { creditTypeId, basedOn: null, reason };
  const pack = { name: "demo-pack", title: "500 credits", amount: credits("500"), price: dollars("40") };
  await publishPack(core, { ...common, ...pack, life: null, priority: 100, forEveryone: true }, "demo");
  for (const { name, title, description, terms } of plansOf(creditTypeId)) {
    await publishPlan(core, { name, title, description, terms, basedOn: null, reason }, "demo");
  }
}

function plansOf(creditTypeId: number): readonly Pick<NewPlan, "name" | "title" | "description" | "terms">[] {
  const allotment = {
    creditTypeId,
    interval: "P1M",
    life: null,
    rollover: null,
    priority: 100,
    scope: ANYTHING,
    repaysDebt: true,
  };
  const kept = { percent: 100, maximum: credits("500"), period: "P1M", periods: 1 };
  return [
    {
      name: "demo-free",
      title: "Free",
      description: "100 credits a month.",
      terms: terms(null, [{ ...allotment, amount: credits("100") }]),
    },
    {
      name: "demo-pro",
      title: "Pro",
      description: "500 credits a month; what is left is kept for another month.",
      terms: terms(dollars("49"), [{ ...allotment, amount: credits("500"), rollover: kept }]),
    },
  ];
}

function terms(price: Terms["price"], allotments: readonly Allotment[]): Terms {
  return { price, billing: "P1M", trial: null, allotments, overdrafts: [], packs: [] };
}

const ANYTHING = { operations: [], apps: [] };

function dollars(amount: string) {
  return { amount, currency: "USD" };
}
