import { randomUUID } from "node:crypto";
import { PREFIXES } from "../../../src/core/ids";
import { catchUp, nextDueAt } from "../../../src/wallet/model/catch-up";
import type { Command } from "../../../src/wallet/model/commands";
import type { Policy } from "../../../src/wallet/model/types";
import { ACTS } from "../../support/histories/acts";
import { Dice } from "../../support/histories/dice";
import type { Plan, Step } from "../../support/histories/play";
import { POLICIES } from "../../support/scenario/steps";
import type { Conversation, Way } from "./conversation";
import { sayable } from "./inputs";
import { inRealTime, now, REAL_HOUR, reached } from "./real-time";
import type { Client, Stage } from "./stage";

/** The longest that a step lets pass. */
const WHILE = 16n * REAL_HOUR;

/**
 * A plan played to real servers by several clients at once. A step acts on what the answers up to then say; those that are still to
 * come are waited for only where time is to pass.
 */
export class Story {
  readonly #told: { readonly place: number; readonly command: Command; readonly client: Client }[] = [];
  #steps = 0;

  constructor(
    private readonly stage: Stage,
    private readonly conversation: Conversation,
    /** The credit type's: how long a grant lives that names no expiry. */
    private readonly defaultLife: string | null,
  ) {}

  async play(plan: Plan): Promise<void> {
    for (const step of plan.steps) await this.#step(step);
    await this.conversation.settled();
  }

  async #step({ doing, move, seed }: Step): Promise<void> {
    this.#steps++;
    const dice = new Dice(seed);
    const place = dice.chance(75) ? 0 : 1;
    // A real clock is not set back.
    if (move !== "stay" && move !== "back") await this.#pass(move, place, dice);
    if (doing === "pass") this.conversation.look(this.#way(place, this.stage.service, dice));
    else if (doing === "policy") await this.#setPolicy(place, dice);
    else if (doing === "threshold" || doing === "forget") await this.#keep(doing, place, dice);
    else if (doing !== "nothing") this.#act(doing, place, dice, new Dice(~seed));
  }

  /** Waits for all answers, and then for an instant on the clock that the servers have. */
  async #pass(move: Step["move"], place: number, dice: Dice): Promise<void> {
    await this.conversation.settled();
    const since = now();
    const due = nextDueAt(this.conversation.guess.at(place).wallet);
    if (move === "hours") await reached(since + dice.between(1n, 8n) * REAL_HOUR);
    else if (move === "days") await reached(since + WHILE);
    else if (move !== "moment" && due !== null && due < since + WHILE) await reached(due);
  }

  async #setPolicy(place: number, dice: Dice): Promise<void> {
    const { keys } = dice.one(Object.values(POLICIES)) as Policy;
    await this.conversation.setPolicy(this.#way(place, this.stage.admin, dice), keys);
  }

  async #keep(doing: "threshold" | "forget", place: number, dice: Dice): Promise<void> {
    await this.conversation.kept();
    const { thresholds } = this.conversation.guess.at(place).wallet;
    const standing = dice.one(thresholds);
    const way = this.#way(place, this.stage.admin, dice);
    if (doing === "threshold" && thresholds.length < 3) this.conversation.setThreshold(way, dice.between(1n, 9n) * 1_000_000n);
    else if (standing) this.conversation.removeThreshold(way, standing.number);
  }

  #act(doing: keyof typeof ACTS, place: number, dice: Dice, twist: Dice): void {
    const [own, friend, stranger] = this.conversation.guess.wallets;
    const seen = catchUp(place === 0 ? own : friend, now()).wallet;
    const made = ACTS[doing]({ dice, wallet: seen, now: seen.clockAt, friend: place === 0 ? friend : own, stranger });
    const client = this.#clientFor(made, twist);
    const context = {
      actor: client.actor,
      boundTo: client.boundTo,
      idempotencyKey: `step-${this.#steps}`,
      description: dice.of(null, "as asked"),
      metadata: dice.of(null, { step: this.#steps }),
    };
    this.#tell(place, sayable(inRealTime({ ...made, ...context }, seen.clockAt), this.defaultLife), client, twist);
  }

  /** Mostly once and as it is; but clients repeat themselves, even at once, mix up their keys, and name what is not there. */
  #tell(place: number, command: Command, client: Client, dice: Dice): void {
    const twist = dice.below(100);
    const earlier = dice.one(this.#told);
    this.#told.push({ place, command, client });
    const send = (what: Command, nobody?: string) => this.conversation.send(this.#way(place, client, dice), what, nobody);
    if (twist < 6 && earlier) this.conversation.send(this.#way(earlier.place, earlier.client, dice), earlier.command);
    else if (twist < 10 && earlier) send({ ...command, idempotencyKey: earlier.command.idempotencyKey });
    else if (twist < 12) send(command, nobody(dice));
    else send(command);
    if (twist >= 94) send(command);
  }

  #clientFor({ type, boundTo }: Command, dice: Dice): Client {
    const { admin, service, bound } = this.stage;
    if (boundTo !== null) return bound.get(boundTo) as Client;
    return OF_SERVICES.has(type) && dice.chance(40) ? service : admin;
  }

  #way(place: number, { lines }: Client, dice: Dice): Way {
    return { place, line: dice.one(lines) as Way["line"] };
  }
}

const OF_SERVICES: ReadonlySet<Command["type"]> = new Set(["spend", "hold", "capture", "extend", "release", "refund"]);

/** An id that names nothing: malformed, of no kind that is asked for, or of an account that there is not. */
function nobody(dice: Dice): string {
  const account = randomUUID().replaceAll("-", "");
  return dice.of("", "hold_1", `${PREFIXES.alert}_${account}_1_1`, `${PREFIXES.wallet}_${account}_1`);
}
