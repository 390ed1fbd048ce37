import { createAccount } from "../accounts";
import { assert } from "../core/assert";
import type { Instant } from "../core/time";
import type { Core } from "../platform/context";
import {
  type Command,
  createCreditType,
  type GrantTerms,
  openWallet,
  setThreshold,
  submit,
  type Transaction,
  type WalletKey,
} from "../wallet";
import { credits } from "./credits";
import { publishDemoPlans } from "./plans";
import { publishDemoPrices } from "./prices";

/** Who makes the demo. */
export const DEMO = { actor: "demo", reason: null };

/** How long before now the story begins. */
const DAYS = 40n;
const HOUR = 3_600_000_000n;
const DAY = 24n * HOUR;

export const CREDIT_TYPE = "credits";
/** The external id of the account that the demo is shown with. */
export const MAIN_ACCOUNT = "acme";

/**
 * Forty days in the life of three accounts, done by the same verbs that clients use, on a clock that starts in the past: grants of every
 * kind, holds, refunds, debt, expiries and the alerts that come of them. Telling it again changes nothing: each account's time begins with
 * the first account, and each step has its idempotency key, so one that was broken off is told to its end. Answers the wallet of
 * the main account. Throws when an account of the story exists with other terms.
 */
export async function tellStory(core: Core): Promise<WalletKey> {
  const latest = core.clock.now() - DAYS * DAY;
  const begun = await account(at(core, latest - (latest % HOUR)), MAIN_ACCOUNT, "Acme Studio", "Europe/Berlin");
  const story = new Story(core, begun.createdAt);
  const acme = await story.wallet(begun.id);
  await publishDemoPrices(at(core, begun.createdAt), acme.creditTypeId);
  await publishDemoPlans(at(core, begun.createdAt), acme.creditTypeId);
  // Whoever has taken it away again is not to find it back at the next start.
  if (begun.isNew) await setThreshold(at(core, begun.createdAt), acme, credits("1000"));
  const globex = await story.account("globex", "Globex Labs", "America/New_York");
  const initech = await story.account("initech", "Initech", "Asia/Tokyo");
  const images = await firstMonth(story, acme);
  await others(story, globex, initech);
  await secondMonth(story, acme, globex, images);
  return acme;
}

/** Answers a spend that a promotion has paid. */
async function firstMonth(story: Story, acme: WalletKey): Promise<Transaction> {
  await story.grant(0n, acme, "acme-plan-1", { ...PLAN, expiresAt: story.day(30n) });
  await story.grant(0n, acme, "acme-pack", {
    kind: "PURCHASED",
    amount: credits("500"),
    costBasis: euros("50.00"),
    source: "a pack of 500",
  });
  await story.grant(1n, acme, "acme-referral", {
    kind: "REFERRAL",
    amount: credits("100"),
    expiresAt: story.day(91n),
    source: "brought Globex",
  });
  await story.spend(2n, acme, "acme-images-1", "120", "image.generate", "24");
  await story.spend(5n, acme, "acme-chat-1", "230.5", "chat.completion", "461");
  await story.grant(10n, acme, "acme-promo-1", {
    kind: "PROMO",
    amount: credits("200"),
    priority: 50,
    expiresAt: story.day(20n),
    scope: { operations: ["image.*"], apps: [] },
    source: "autumn campaign",
  });
  const images = await story.spend(12n, acme, "acme-images-2", "150", "image.generate", "30");
  await story.spend(24n, acme, "acme-chat-2", "200", "chat.completion", "400");
  return images;
}

/** One who gives away, and runs dry; one who is in debt. */
async function others(story: Story, globex: WalletKey, initech: WalletKey): Promise<void> {
  await story.grant(1n, globex, "globex-pack-1", {
    kind: "PURCHASED",
    amount: credits("300"),
    costBasis: euros("30.00"),
    source: "a pack of 300",
  });
  const mistake = await story.grant(6n, globex, "globex-promo", {
    kind: "PROMO",
    amount: credits("50"),
    source: "autumn campaign",
  });
  await story.act(8n, globex, "globex-void", "Granted by mistake", { type: "void", grant: grantOf(mistake) });

  await story.grant(2n, initech, "initech-promo", {
    kind: "PROMO",
    amount: credits("150"),
    expiresAt: story.day(60n),
    source: "trial",
  });
  await story.overdraft(3n, initech, "initech-overdraft", "200");
  await story.spend(4n, initech, "initech-video", "260", "video.render", "13");
  await story.grant(20n, initech, "initech-pack", {
    kind: "PURCHASED",
    amount: credits("60"),
    costBasis: euros("6.00"),
    source: "a pack of 60",
  });
}

async function secondMonth(story: Story, acme: WalletKey, globex: WalletKey, images: Transaction): Promise<void> {
  // The first plan grant has just expired, and left a rollover.
  await story.grant(30n, acme, "acme-plan-2", { ...PLAN, expiresAt: story.day(60n) });
  await story.act(31n, acme, "acme-adjust", "For the outage of the week before", { type: "adjust", amount: credits("25") });
  await story.act(32n, globex, "globex-gift", "Thanks for the workshop", { type: "transfer", to: acme, amount: credits("75") });
  const video = await story.hold(33n, acme, "acme-hold-1", "60", story.day(35n));
  await story.act(34n, acme, "acme-capture", "The video was shorter than thought", {
    type: "capture",
    hold: video.sequence,
    amount: credits("45"),
    pricing: null,
    quantity: null,
    allowExcess: false,
    final: true,
  });
  await story.spend(34n, globex, "globex-chat", "225", "chat.completion", "450");
  await story.overdraft(35n, acme, "acme-overdraft", "100");
  // What had paid has expired since: the credits come back as a grant of their own.
  await story.act(36n, acme, "acme-refund", "Six images had failed", {
    type: "refund",
    spend: images.sequence,
    amount: credits("30"),
  });
  await story.grant(37n, acme, "acme-promo-2", {
    kind: "PROMO",
    amount: credits("250"),
    priority: 50,
    expiresAt: story.day(55n),
    scope: { operations: ["image.*"], apps: [] },
    source: "winter campaign",
  });
  await story.spend(38n, acme, "acme-images-3", "90", "image.generate", "18");
  await story.grant(38n, acme, "acme-promo-3", {
    kind: "PROMO",
    amount: credits("300"),
    effectiveAt: story.day(47n),
    expiresAt: story.day(77n),
    source: "advent campaign",
  });
  await story.hold(39n, acme, "acme-hold-2", "40", story.day(54n));
  await story.grant(39n, globex, "globex-pack-2", {
    kind: "PURCHASED",
    amount: credits("100"),
    costBasis: euros("10.00"),
    source: "a pack of 100",
  });
}

const PLAN = {
  kind: "PLAN",
  amount: credits("1000"),
  rollover: { percent: 50, maximum: credits("300"), period: "P1M", periods: 1 },
  source: "the Pro plan",
} as const;

/** What a step of the story need not say. */
const TERMS: Omit<GrantTerms, "kind" | "amount" | "effectiveAt"> & { readonly effectiveAt: Instant | null } = {
  priority: 100,
  effectiveAt: null,
  expiresAt: null,
  scope: { operations: [], apps: [] },
  costBasis: null,
  rollover: null,
  repaysDebt: false,
  source: null,
  metadata: null,
};
const USE = { type: "spend", pricing: null, app: null, member: null, occurredAt: null, allowPartial: false } as const;

type GivenTerms = Partial<GrantTerms> & Pick<GrantTerms, "kind" | "amount">;
/** A command without what all of the story's have in common. */
type Plot<C = Command> = C extends Command ? Omit<C, "actor" | "description" | "metadata" | "idempotencyKey" | "boundTo"> : never;

class Story {
  constructor(
    private readonly core: Core,
    private readonly start: Instant,
  ) {}

  day(day: bigint): Instant {
    return this.start + day * DAY;
  }

  async account(externalId: string, name: string, timeZone: string): Promise<WalletKey> {
    const { id } = await account(at(this.core, this.start), externalId, name, timeZone);
    return this.wallet(id);
  }

  async wallet(accountId: string): Promise<WalletKey> {
    const core = at(this.core, this.start);
    const { creditType } = await createCreditType(
      core,
      {
        name: CREDIT_TYPE,
        policy: null,
        refundGrace: "P30D",
        expiryNotice: "P3D",
        defaultExpiry: null,
      },
      DEMO,
    );
    const opened = await openWallet(core, accountId, creditType.id, DEMO);
    assert(opened.status === "done", "a wallet of an account that exists can be opened");
    return opened.wallet.key;
  }

  /** Does a step on that day; answers its transaction. */
  async act(day: bigint, key: WalletKey, name: string, description: string | null, plot: Plot): Promise<Transaction> {
    const carried = { actor: "demo", description, metadata: null, idempotencyKey: `demo-${name}`, boundTo: null };
    const answer = await submit(at(this.core, this.day(day)), key, { ...plot, ...carried });
    assert(answer.status === "done", `the demo's step ${name} can be done`);
    return answer.transaction;
  }

  grant(day: bigint, key: WalletKey, name: string, terms: GivenTerms): Promise<Transaction> {
    const repaysDebt = terms.kind === "PLAN" || terms.kind === "PURCHASED";
    return this.act(day, key, name, null, { type: "grant", terms: { ...TERMS, repaysDebt, ...terms }, defaultLife: null });
  }

  spend(day: bigint, key: WalletKey, name: string, amount: string, operation: string, quantity: string): Promise<Transaction> {
    return this.act(day, key, name, null, { ...USE, amount: credits(amount), operation, quantity });
  }

  hold(day: bigint, key: WalletKey, name: string, amount: string, until: Instant): Promise<Transaction> {
    const use = { ...USE, amount: credits(amount), operation: "video.render", quantity: "1" };
    return this.act(day, key, name, null, { ...use, type: "hold", expires: { at: until } });
  }

  overdraft(day: bigint, key: WalletKey, name: string, limit: string): Promise<Transaction> {
    return this.act(day, key, name, null, { type: "overdraft", limit: credits(limit), costBasis: null });
  }
}

async function account(core: Core, externalId: string, name: string, timeZone: string) {
  const answer = await createAccount(core, { externalId, name, timeZone, metadata: { demo: true } }, DEMO);
  if (answer.status === "taken") throw new Error(`the demo cannot be made: there is another account "${externalId}"`);
  return { ...answer.account, isNew: answer.created };
}

/** The same server at another time. */
function at(core: Core, now: Instant): Core {
  return { ...core, clock: { ...core.clock, now: () => now } };
}

/** The grant that a transaction made. */
function grantOf({ entries }: Transaction): number {
  const [entry] = entries;
  assert(entry, "a grant's transaction has an entry");
  return entry.grant;
}

function euros(amount: string): GrantTerms["costBasis"] {
  return { amount, currency: "EUR" };
}
