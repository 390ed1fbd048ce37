import { addPeriods, type Instant } from "../../../src/core/time";
import { transactionHash } from "../../../src/wallet/model/hash";
import { type Entry, type Grant, POTS, type Transaction, type TransactionType } from "../../../src/wallet/model/types";
import type { History } from "../history";
import { AlertReckoning } from "./alerts";
import { Book, type Drawn, type Wanted } from "./book";
import { costShare } from "./cost";
import { DebtReckoning } from "./debt";
import { DueReckoning } from "./due";
import { holds, same } from "./expect";
import { HoldReckoning } from "./holds";

/** Which moves each sort of transaction may make. */
const MOVES: Record<TransactionType, string> = {
  GRANT:
    "ISSUED>PENDING ISSUED>AVAILABLE ISSUED>CONSUMED AVAILABLE>CONSUMED AVAILABLE>VOIDED CONSUMED>AVAILABLE CONSUMED>VOIDED CONSUMED>MOVED",
  ACTIVATE: "PENDING>AVAILABLE AVAILABLE>CONSUMED CONSUMED>AVAILABLE CONSUMED>VOIDED",
  SPEND: "AVAILABLE>CONSUMED",
  HOLD: "AVAILABLE>HELD",
  CAPTURE: "HELD>CONSUMED HELD>AVAILABLE HELD>EXPIRED HELD>VOIDED AVAILABLE>CONSUMED",
  RELEASE: "HELD>AVAILABLE HELD>EXPIRED HELD>VOIDED",
  REFUND: "CONSUMED>AVAILABLE CONSUMED>MOVED CONSUMED>VOIDED ISSUED>AVAILABLE",
  EXPIRE: "AVAILABLE>EXPIRED AVAILABLE>MOVED ISSUED>AVAILABLE",
  VOID: "PENDING>VOIDED AVAILABLE>VOIDED",
  ADJUST: "ISSUED>AVAILABLE AVAILABLE>VOIDED AVAILABLE>CONSUMED CONSUMED>AVAILABLE CONSUMED>VOIDED",
  TRANSFER: "AVAILABLE>MOVED ISSUED>AVAILABLE",
};

/** Which of its moves add up to a transaction's amount; an ADJUST that takes away counts them negative. */
const PRINCIPAL: Record<TransactionType, string> = {
  GRANT: "ISSUED>PENDING ISSUED>AVAILABLE ISSUED>CONSUMED",
  ACTIVATE: "PENDING>AVAILABLE",
  SPEND: "AVAILABLE>CONSUMED",
  HOLD: "AVAILABLE>HELD",
  CAPTURE: "HELD>CONSUMED AVAILABLE>CONSUMED",
  RELEASE: "HELD>AVAILABLE HELD>EXPIRED HELD>VOIDED",
  REFUND: "CONSUMED>AVAILABLE CONSUMED>MOVED CONSUMED>VOIDED",
  EXPIRE: "AVAILABLE>EXPIRED AVAILABLE>MOVED",
  VOID: "PENDING>VOIDED AVAILABLE>VOIDED",
  ADJUST: "ISSUED>AVAILABLE",
  TRANSFER: "AVAILABLE>MOVED ISSUED>AVAILABLE",
};

/**
 * Judges a whole history again, from its log and the rules alone; throws at the first thing that is wrong. It shares with the model only
 * calendar arithmetic and the function that makes hashes.
 */
export function auditHistory(history: History): void {
  new Audit(history).run();
}

class Audit {
  readonly #book = new Book();
  readonly #holds: HoldReckoning;
  readonly #debt: DebtReckoning;
  readonly #due: DueReckoning;
  readonly #alerts: AlertReckoning;
  readonly #grants: readonly Grant[];
  #hash: Uint8Array;
  #effectiveAt: Instant = 0n;
  #grantCount = 0;

  constructor(private readonly history: History) {
    this.#grants = history.wallet.grants;
    this.#hash = history.opened.hash;
    this.#holds = new HoldReckoning(this.#book, history);
    this.#debt = new DebtReckoning(this.#book, history);
    this.#due = new DueReckoning(this.#book, this.#holds);
    this.#alerts = new AlertReckoning(this.#book, history);
  }

  run(): void {
    this.history.transactions.forEach((transaction, index) => {
      try {
        this.#judge(transaction, index + 1);
      } catch (error) {
        throw new Error(`transaction ${index + 1} (${transaction.type}): ${(error as Error).message}`, { cause: error });
      }
    });
    this.#judgeEnd();
    this.#alerts.judge();
  }

  #judge(transaction: Transaction, sequence: number): void {
    same(transaction.sequence, sequence, "sequence");
    const { entries, effectiveAt } = transaction;
    holds(effectiveAt >= this.#effectiveAt, "its time does not go back");
    this.#effectiveAt = effectiveAt;
    const born = this.#grants.filter((grant) => grant.createdBy === sequence);
    this.#judgeBorn(transaction, born);
    this.#judgeHash(transaction, born);
    this.#due.judge(transaction);
    this.#alerts.before(transaction);
    this.#judgeDraws(transaction);
    this.#debt.expect(transaction, born);
    this.#holds.judge(transaction);
    if (transaction.type === "EXPIRE") this.#judgeExpiry(transaction, born);
    for (const entry of entries) this.#move(transaction, entry);
    judgeIssued(transaction);
    this.#markVoided(sequence);
    this.#judgeAmounts(transaction);
    this.#debt.judge();
    this.#alerts.after(transaction);
  }

  #judgeBorn({ effectiveAt }: Transaction, born: readonly Grant[]): void {
    for (const grant of born) {
      same(grant.number, ++this.#grantCount, "grant numbers");
      same(grant.createdAt, effectiveAt, "when a grant was made");
      holds(grant.effectiveAt >= effectiveAt, "a grant is not effective before it is made");
      holds(grant.expiresAt === null || grant.expiresAt > grant.effectiveAt, "a grant lives");
      this.#book.open(grant);
    }
  }

  #judgeHash({ hash, ...content }: Transaction, born: readonly Grant[]): void {
    same(content.previousHash, this.#hash, "the hash before");
    same(hash, transactionHash(content, born), "the hash");
    this.#hash = hash;
  }

  /** Whatever is drawn by the waterfall is drawn as the laws have it, on the state before. */
  #judgeDraws({ type, entries, policy: version, effectiveAt, operation, app }: Transaction): void {
    const wanted = wantedBy(type, operation, app);
    if (!wanted) return;
    const drawn = entries.filter((entry) => entry.from === "AVAILABLE" && !repays(type, entry, this.#book));
    const policy = this.history.policies.get(version);
    holds(policy, `policy ${version} exists`);
    const total = drawn.reduce((sum, entry) => sum + entry.amount, 0n);
    const expected = this.#book.waterfall(policy, effectiveAt, wanted, total);
    same(
      drawn.map(({ grant, amount, before }): Drawn => [grant, amount, before]),
      expected,
      "who pays, how much, before whom",
    );
  }

  #judgeExpiry({ entries, effectiveAt }: Transaction, born: readonly Grant[]): void {
    const { terms, pots } = this.#book.lot((entries[0] as Entry).grant);
    same(terms.expiresAt, effectiveAt, "when it expires");
    const { rollover } = terms;
    let kept = rollover === null ? 0n : (pots.AVAILABLE * BigInt(rollover.percent)) / 100n;
    if (rollover?.maximum != null && kept > rollover.maximum) kept = rollover.maximum;
    same(
      born.map((grant) => [grant.kind, grant.amount]),
      kept > 0n ? [["ROLLOVER", kept]] : [],
      "what is rolled over",
    );
    for (const grant of born) {
      const { period, periods, until: fixed } = rollover as NonNullable<typeof rollover>;
      const until = fixed ?? addPeriods(effectiveAt, period, periods, this.history.wallet.timeZone);
      same(
        [grant.expiresAt, grant.rollover, grant.scope, grant.priority, grant.costBasis],
        [until, null, terms.scope, terms.priority, costShare(terms, kept)],
        "its terms",
      );
      same(grant.origin?.number, terms.number, "its origin");
    }
  }

  #move({ type }: Transaction, entry: Entry): void {
    const move = `${entry.from}>${entry.to}`;
    holds(MOVES[type].split(" ").includes(move), `${move} may be in it`);
    holds(entry.amount > 0n, "an entry moves something");
    this.#book.move(entry);
    const { pots, voided } = this.#book.lot(entry.grant);
    for (const pot of POTS) holds(pots[pot] >= 0n, `grant ${entry.grant} has no negative ${pot}`);
    holds(!voided || (entry.to !== "AVAILABLE" && entry.to !== "PENDING"), `nothing comes back to voided grant ${entry.grant}`);
  }

  #markVoided(sequence: number): void {
    for (const [number, by] of this.history.voidedBy) {
      if (by !== sequence) continue;
      const lot = this.#book.lot(number);
      lot.voided = true;
      same([lot.pots.PENDING, lot.pots.AVAILABLE], [0n, 0n], `what is left of voided grant ${number}`);
    }
  }

  #judgeAmounts({ type, amount, entries, balance }: Transaction): void {
    const sum = (moves: string) => {
      const counted = entries.filter(({ from, to }) => moves.split(" ").includes(`${from}>${to}`));
      return counted.reduce((total, entry) => total + entry.amount, 0n);
    };
    const up = sum(PRINCIPAL[type]);
    same(amount, type === "ADJUST" && up === 0n ? -sum("AVAILABLE>VOIDED AVAILABLE>CONSUMED") : up, "the amount");
    same(balance, this.#book.balance(), "the balance");
  }

  #judgeEnd(): void {
    const { wallet, transactions } = this.history;
    same([wallet.sequence, wallet.hash], [transactions.length, this.#hash], "the wallet's end of the log");
    same([wallet.grantCount, wallet.grants.length], [this.#grantCount, this.#grantCount], "the number of grants");
    same(wallet.balance, this.#book.balance(), "the wallet's balance");
    holds(wallet.clockAt >= this.#effectiveAt, "the wallet's clock is not behind its log");
    for (const grant of wallet.grants) {
      const lot = this.#book.lot(grant.number);
      same(grant.pots, lot.pots, `the pots of grant ${grant.number}`);
      same(
        POTS.reduce((total, pot) => total + grant.pots[pot], 0n),
        grant.amount,
        `all of grant ${grant.number}`,
      );
      same([grant.repaid, grant.voidedAt !== null], [lot.repaid, lot.voided], `the state of grant ${grant.number}`);
    }
    same(this.#due.next(wallet.clockAt), null, "nothing is left that was due");
    this.#holds.judgeEnd(wallet);
    this.#debt.judgeEnd();
  }
}

/** Credits are issued by a GRANT and by an ADJUST. All others that come in have moved out of another grant, in the same transaction. */
function judgeIssued({ type, entries }: Transaction): void {
  const sum = (isOne: (entry: Entry) => boolean) => entries.filter(isOne).reduce((total, { amount }) => total + amount, 0n);
  const moved = sum(({ to }) => to === "MOVED");
  if (type === "EXPIRE" || type === "REFUND")
    same(
      sum(({ from }) => from === "ISSUED"),
      moved,
      "what comes in for what is moved",
    );
  if (type === "GRANT")
    same(
      sum(({ from, to }) => from === "ISSUED" && to === "CONSUMED"),
      moved,
      "the debt that a limit takes over",
    );
}

function wantedBy(type: TransactionType, operation: string | null, app: string | null): Wanted | null {
  if (type === "ADJUST" || type === "TRANSFER")
    return { scoped: false, operation: null, app: null, overdraft: type === "ADJUST" };
  if (type === "SPEND" || type === "HOLD" || type === "CAPTURE") return { scoped: true, operation, app, overdraft: true };
  return null;
}

/** An ADJUST that gives may pay debt from what it gave: that is no draw. */
function repays(type: TransactionType, { grant, to }: Entry, book: Book): boolean {
  return type === "ADJUST" && to === "CONSUMED" && book.lot(grant).terms.kind !== "OVERDRAFT";
}
