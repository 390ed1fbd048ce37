import fc from "fast-check";
import { formatAmount } from "../../../src/core/amount";
import { formatInstant, type Instant, parseInstant } from "../../../src/core/time";
import { type CaughtUp, catchUp, nextDueAt } from "../../../src/wallet/model/catch-up";
import type { Command, Outcome } from "../../../src/wallet/model/commands";
import { DEFAULT_POLICY } from "../../../src/wallet/model/policy";
import type { Policy, Wallet, WalletKey } from "../../../src/wallet/model/types";
import { emptyWallet } from "../../../src/wallet/model/wallet";
import { History } from "../history";
import { POLICIES } from "../scenario/steps";
import { ACTS } from "./acts";
import { Dice } from "./dice";

/** How often each thing is done, of about a hundred; "nothing" is what shrinking leaves. */
const DOINGS = {
  nothing: 1,
  grant: 16,
  spend: 20,
  hold: 10,
  capture: 9,
  extend: 3,
  release: 3,
  refund: 11,
  void: 5,
  adjust: 4,
  overdraft: 5,
  transfer: 5,
  flood: 1,
  threshold: 3,
  forget: 1,
  policy: 2,
  pass: 5,
} as const;
/** How often each way to go on in time is taken. "due": to the instant at which something falls due; "back": a clock that went wrong. */
const MOVES = { stay: 50, moment: 9, hours: 16, due: 11, early: 4, late: 2, days: 5, back: 3 } as const;

type Doing = keyof typeof DOINGS;
type Move = keyof typeof MOVES;
export interface Step {
  readonly doing: Doing;
  readonly move: Move;
  readonly seed: number;
}
export interface Plan {
  readonly setting: number;
  readonly steps: readonly Step[];
}

/** Plans of so many steps. What a step means depends on the state that it meets, so a plan without some of its steps is still one. */
export function plansOf(length: number): fc.Arbitrary<Plan> {
  const step = fc.record({ doing: weighted(DOINGS), move: weighted(MOVES), seed: fc.nat({ max: 0x7fffffff }) });
  return fc.noBias(fc.record({ setting: fc.nat(), steps: fc.array(step, { minLength: length, maxLength: length }) }));
}

function weighted<Name extends string>(weights: Readonly<Record<Name, number>>): fc.Arbitrary<Name> {
  const names = Object.keys(weights) as Name[];
  return fc.constantFrom(...names.flatMap((name) => Array.from({ length: weights[name] }, () => name)));
}

const HOUR = 3_600_000_000n;
const ZONES = ["UTC", "America/New_York", "Europe/Berlin", "Asia/Kathmandu"];
/** Some before a month's end or a change of clocks. */
const STARTS = ["2026-01-01T00:00:00Z", "2026-01-30T12:00:00Z", "2026-03-07T20:00:00Z", "2026-03-28T20:00:00Z"];

/**
 * A play of a plan: two wallets that give each other credits, and one of another credit type. `real`: that instant it stays all the while,
 * and the time that passes is that of test clocks.
 */
export class Play {
  readonly histories: readonly [History, History, History];
  readonly #story: (string | Command)[] = [];
  #now: Instant;
  #steps = 0;

  constructor(
    setting: number,
    private readonly watch: Watch = () => undefined,
    private readonly real: Instant | null = null,
  ) {
    const dice = new Dice(setting);
    this.#now = parseInstant(dice.one(STARTS) as string) as Instant;
    const timeZone = dice.one(ZONES) as string;
    const opened = (account: number, creditTypeId: number) => {
      const refundGrace = dice.of("PT6H", "P1D", "P7D");
      const expiryNotice = dice.of("PT2H", "P1D", "P3D");
      const key = { accountId: `00000000-0000-7000-8000-00000000000${account}`, creditTypeId };
      return new History(emptyWallet({ key, now: this.#now, policy: DEFAULT_POLICY, timeZone, refundGrace, expiryNotice }));
    };
    this.histories = [opened(1, 1), opened(2, 1), opened(1, 2)];
  }

  /** What was done so far, a line each. */
  get story(): string {
    return this.#story.map((line) => (typeof line === "string" ? line : `  ${shown(line)}`)).join("\n");
  }

  step({ doing, move, seed }: Step): void {
    this.#steps++;
    if (doing === "nothing" && move === "stay") return;
    const dice = new Dice(seed);
    const [own, friend] = this.histories;
    const acting = dice.chance(75) ? own : friend;
    const now = this.#move(move, acting, dice);
    this.#story.push(`${formatInstant(now)} ${acting === own ? "own" : "friend"} ${doing}`);
    if (this.real !== null) for (const history of this.histories) history.setTestClock(now);
    this.#do(doing, acting, now, dice);
  }

  /** The instant of a step. A clock that went back does so for one step only. */
  #move(move: Move, { wallet }: History, dice: Dice): Instant {
    const due = () => nextDueAt(wallet) ?? this.#now;
    const to: Readonly<Record<Move, () => Instant>> = {
      stay: () => this.#now,
      moment: () => this.#now + dice.between(1n, 1_000_000n),
      hours: () => this.#now + dice.between(1n, 8n) * HOUR,
      days: () => this.#now + dice.between(20n, 100n) * HOUR,
      due,
      early: () => due() - 1n,
      late: () => due() + 1n,
      back: () => this.#now,
    };
    const then = to[move]();
    if (then > this.#now) this.#now = then;
    return move === "back" ? this.#now - dice.between(1n, 60n) * HOUR : this.#now;
  }

  #do(doing: Doing, acting: History, now: Instant, dice: Dice): void {
    if (doing === "nothing") return;
    if (doing === "pass") this.#pass(acting, now);
    else if (doing === "policy") acting.setPolicy(dice.one(Object.values(POLICIES)) as Policy);
    else if (doing === "threshold" || doing === "forget") this.#threshold(doing, acting, now, dice);
    else this.#act(doing, acting, now, dice);
  }

  #pass(acting: History, now: Instant): void {
    const before = acting.wallet;
    this.watch(acting.catchUp(this.real ?? now), acting, before);
  }

  #threshold(doing: "threshold" | "forget", acting: History, now: Instant, dice: Dice): void {
    this.#pass(acting, now);
    const standing = dice.one(acting.wallet.thresholds);
    if (doing === "threshold" && acting.wallet.thresholds.length < 3) acting.addThreshold(dice.between(0n, 9n) * 1_000_000n);
    else if (standing) acting.removeThreshold(standing.number);
  }

  #act(doing: keyof typeof ACTS, acting: History, now: Instant, dice: Dice): void {
    const [own, friend, stranger] = this.histories;
    const seen = catchUp(acting.wallet, now).wallet;
    const other = acting === own ? friend : own;
    const scene = { dice, wallet: seen, now: seen.clockAt, friend: other.wallet, stranger: stranger.wallet };
    const made = ACTS[doing](scene);
    const context = { actor: "player", description: dice.of(null, "as asked"), metadata: dice.of(null, { step: this.#steps }) };
    const command: Command = { ...made, ...context, idempotencyKey: `step-${this.#steps}` };
    this.#story.push(command);
    const before = acting.wallet;
    const at = this.real ?? now;
    const outcome = command.type === "transfer" ? acting.transfer(this.#named(command.to), command, at) : acting.act(command, at);
    this.watch(outcome, acting, before);
  }

  #named({ accountId, creditTypeId }: WalletKey): History {
    const isIt = ({ wallet }: History) => wallet.key.accountId === accountId && wallet.key.creditTypeId === creditTypeId;
    return this.histories.find(isIt) as History;
  }
}

function shown(command: Command): string {
  return JSON.stringify(command, (field, value) => {
    if (typeof value !== "bigint") return value;
    return field === "at" || field.endsWith("At") ? formatInstant(value) : formatAmount(value);
  });
}

type Watch = (outcome: CaughtUp | Outcome, history: History, before: Wallet) => void;

/**
 * Plays a plan to its end; what goes wrong is told with the story up to there. `watch` is told of every answer, `after` judges the whole,
 * `real` is as for a play.
 */
export function playOut(
  plan: Plan,
  { watch, after, real }: { readonly watch?: Watch; readonly after?: (play: Play) => void; readonly real?: Instant } = {},
): Play {
  const play = new Play(plan.setting, watch, real);
  try {
    for (const step of plan.steps) play.step(step);
    after?.(play);
  } catch (error) {
    throw new Error(`${(error as Error).message}\n\nThe story:\n${play.story}`, { cause: error });
  }
  return play;
}
