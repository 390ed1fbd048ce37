import { formatAmount, maximum, minimum } from "../../../src/core/amount";
import { type Instant, parseInstant } from "../../../src/core/time";
import { numberedId, walletId } from "../../../src/wallet/ids";
import { nextDueAt } from "../../../src/wallet/model/catch-up";
import type { Command } from "../../../src/wallet/model/commands";
import { differingField, fingerprint } from "../../../src/wallet/model/fingerprint";
import type { Hold, Transaction, Wallet } from "../../../src/wallet/model/types";
import { holds, same } from "../../support/auditor/expect";
import type { Look, MoveAnswer, Sent, ShownRefusal, ShownTransaction, ShownWallet } from "./answers";
import { sameAsAsked, sameAsOne, sameBalance, sameGrants, viewsOf } from "./compare";
import { FIELDS, NAMING } from "./inputs";
import { decideOn } from "./ledger";
import { SKEW } from "./real-time";
import type { Replay, Use } from "./replay";
import { type Shown, showHold, showRefusal, showTransaction } from "./shown";

/**
 * Holds an answer against the states that the log, done again by the pure core, came to. An answer shows how far the wallet was when it
 * was decided, so there is no doubt on which state it is to be judged; only the instant of a refusal is known no better than that it
 * lies between the sending and the answer.
 */
export function judgeAnswer(replay: Replay, sent: Sent): void {
  const { answer } = sent;
  if (sent.misnamed) judgeMisnamed(sent);
  else if (answer.refusal?.code === "IDEMPOTENCY_MISMATCH") judgeMismatch(replay, sent, answer.refusal);
  else if (answer.refusal) judgeRefusal(replay, sent, answer.refusal);
  else if (answer.replayed) judgeReplayed(replay, sent);
  else judgeNew(replay, sent);
}

/** A wallet that was looked at shows nothing older than what had been answered before. */
export function judgeLook(replay: Replay, { place, known, wallet, sentAt, answeredAt }: Look): void {
  const states = statesShown(replay, place, known, wallet);
  sameBalance(wallet.balance, states, sentAt - SKEW, answeredAt + SKEW, "the balance of a wallet that was looked at");
}

function judgeMisnamed({ command, answer }: Sent): void {
  same(answer.refusal, { __typename: "NotFound", code: "NOT_FOUND", field: NAMING[command.type] }, "what is not there");
  same(
    [answer.transaction, answer.wallet, answer.grants, answer.replayed],
    [null, null, [], false],
    "what is not there does nothing",
  );
}

function judgeNew(replay: Replay, sent: Sent): void {
  const { command, place, known, answer, answeredAt, sentAt } = sent;
  const { transaction, wallet, grants } = answer;
  const made = judgeSide(replay, place, { transaction, wallet, grants }, answeredAt);
  holds(made.sequence > (known[place] as number), "what is done comes after all that was answered before");
  holds(made.recordedAt >= sentAt - SKEW && made.recordedAt <= answeredAt + SKEW, "what is done is done meanwhile");
  const state = replay.statesAt(place, made.sequence)[0] as Wallet;
  if (answer.hold !== undefined) judgeHold(answer.hold, holdOf(made), [state], [made.recordedAt, answeredAt + SKEW]);
  if ("amount" in command && answer.shortfall !== undefined) {
    same(answer.shortfall, formatAmount((command.amount as bigint) - made.amount), "the shortfall");
  }
  if (command.type === "grant") judgeNamed(state.grantCount, sent, state);
  if (command.type === "void" || command.type === "withdraw") judgeNamed(command.grant, sent, state);
  if (command.type !== "transfer") return;
  const received = { transaction: answer.receiverTransaction, wallet: answer.receiver, grants: answer.receiverGrants };
  judgeSide(replay, replay.placeOf(command.to), received, answeredAt);
}

type Side = { readonly [Field in "transaction" | "wallet" | "grants"]: MoveAnswer[Field] | undefined };

/** What a new transaction changed in one wallet, shown as it left it. */
function judgeSide(replay: Replay, place: number, { transaction, wallet, grants }: Side, answeredAt: Instant): Transaction {
  holds(transaction && wallet && grants, "what is done is shown with its wallet");
  const made = judgeTransaction(replay, place, transaction);
  const state = replay.statesAt(place, made.sequence)[0] as Wallet;
  const policy = replay.policyOf(made.policy);
  same(
    [wallet.id, wallet.sequence, wallet.policy],
    [walletId(state.key), String(made.sequence), policy],
    "the wallet after a command",
  );
  const ends = [made.recordedAt, answeredAt + SKEW] as const;
  sameBalance(wallet.balance, [state], ...ends, "the balance after a command");
  sameGrants(grants, touchedBy(made), [state], ...ends);
  return made;
}

function judgeTransaction(replay: Replay, place: number, shown: ShownTransaction): Transaction {
  const { transactions, wallet } = replay.at(place);
  const made = transactions[Number(shown.sequence) - 1];
  holds(made, `transaction ${shown.id} is in the log`);
  sameAsAsked(shown, showTransaction(made, wallet, replay.policies), `transaction ${shown.id} as it was answered`);
  return made;
}

/** The grant that was made or withdrawn. */
function judgeNamed(number: number, { answer, answeredAt }: Sent, state: Wallet): void {
  holds(answer.grant, `grant ${number} is shown`);
  sameGrants([answer.grant], [number], [state], state.clockAt, answeredAt + SKEW);
}

/** The first answer again, with everything else as it is now: as of no state before the one that the wallet is shown in. */
function judgeReplayed(replay: Replay, sent: Sent): void {
  const { answer, place, known, command, answeredAt } = sent;
  const use = replay.useOf(place, command.idempotencyKey);
  holds(use && use.place === place, "what is replayed was done once, in that wallet");
  same(differenceTo(use, replay, sent), null, "what is replayed is the same command");
  holds(use.transaction.recordedAt <= answeredAt + SKEW, "what is replayed was done before");
  holds(answer.transaction && answer.wallet, "what is replayed is shown with its wallet");
  same(
    answer.transaction.id,
    numberedId("transaction", replay.at(place).wallet.key, use.transaction.sequence),
    "what is replayed",
  );
  judgeTransaction(replay, place, answer.transaction);
  const { sequence } = use.transaction;
  const ends = [sent.sentAt - SKEW, answeredAt + SKEW] as const;
  const states = statesShown(replay, place, known, answer.wallet, sequence);
  sameBalance(answer.wallet.balance, states, ...ends, "the balance at a replay");
  const since = replay.statesSince(place, Number(answer.wallet.sequence), answeredAt + SKEW);
  const views = since.flatMap((state) => viewsOf(state, ...ends));
  sameGrants(answer.grants, touchedBy(use.transaction), views, ...ends);
  if (answer.hold !== undefined) judgeHold(answer.hold, holdOf(use.transaction), views, ends);
}

function judgeMismatch(replay: Replay, sent: Sent, refusal: ShownRefusal): void {
  const { answer, place, command, answeredAt } = sent;
  const use = replay.useOf(place, command.idempotencyKey);
  holds(use && use.transaction.recordedAt <= answeredAt + SKEW, "a key that was used before was used before");
  const { key } = replay.at(use.place).wallet;
  const field = differenceTo(use, replay, sent) ?? "nothing";
  const isVisible = command.boundTo === null || command.boundTo === use.transaction.app;
  const transaction = isVisible ? { id: numberedId("transaction", key, use.transaction.sequence) } : null;
  const expected = { __typename: "IdempotencyMismatch", code: refusal.code, field: FIELDS[field] ?? field, transaction };
  same(refusal, expected, "another command under a key that was used");
  same([answer.transaction, answer.grants, answer.replayed], [null, [], false], "another command under a used key does nothing");
}

function differenceTo({ transaction }: Use, replay: Replay, { place, command }: Sent): string | null {
  const { key } = replay.at(place).wallet;
  return differingField(command, transaction.fingerprint as Uint8Array, fingerprint(key, command));
}

/** The model refuses it too, for the same reason and with the same data, on the state that is shown with the refusal. */
function judgeRefusal(replay: Replay, sent: Sent, refusal: ShownRefusal): void {
  const { answer, place, known, sentAt, answeredAt } = sent;
  holds(answer.wallet, "a refusal shows the wallet");
  const states = statesShown(replay, place, known, answer.wallet);
  same([answer.transaction, answer.grants, answer.replayed], [null, [], false], "a refusal does nothing");
  sameBalance(answer.wallet.balance, states, sentAt - SKEW, answeredAt + SKEW, "the balance at a refusal");
  const use = replay.useOf(place, sent.command.idempotencyKey);
  if (use) {
    holds(use.sent.answeredAt > sentAt, "what had been answered is replayed, not refused");
    holds(use.place !== place || use.transaction.sequence > Number(answer.wallet.sequence), "what is written is replayed");
  }
  const candidates = states.flatMap((state) => refusalsOf(replay, sent, refusal, state));
  holds(candidates.length > 0, `the model refuses it too: ${JSON.stringify(refusal)}`);
  sameAsOne(refusal, candidates, "why it is refused");
}

/** What the model says at the instants at which it may have been decided: the one that is shown, or any between sending and answer. */
function refusalsOf(replay: Replay, sent: Sent, refusal: ShownRefusal, state: Wallet): readonly Shown[] {
  const { command, sentAt, answeredAt } = sent;
  const shown = typeof refusal["now"] === "string" ? parseInstant(refusal["now"]) : null;
  const from = maximum(sentAt - SKEW, state.clockAt);
  const due = nextDueAt(state);
  // From what falls due on, it would have been caught up further.
  const to = minimum(answeredAt + SKEW, due === null ? answeredAt + SKEW : due - 1n);
  const instants = shown === null ? [from, ...turnsOf(command), to] : [shown];
  const receivers = command.type === "transfer" ? receiversOf(replay, sent, replay.placeOf(command.to)) : [null];
  return instants
    .filter((now) => now >= from && now <= to)
    .flatMap((now) => receivers.flatMap((receiver) => refusalAt(now, state, receiver, sent)));
}

function refusalAt(now: Instant, state: Wallet, receiver: Wallet | null, { command, answeredAt }: Sent): readonly Shown[] {
  const { giver } = decideOn(state, receiver, command, now);
  if (!giver.refused) return [];
  return [now, answeredAt + SKEW].map((seen) => showRefusal(giver.refusal, state, seen));
}

/** The instants at which another answer may be right: when what is asked for turns from one to come into a past one. */
function turnsOf(command: Command): readonly Instant[] {
  const named: (Instant | null)[] = [];
  if (command.type === "grant") named.push(command.terms.expiresAt);
  if (command.type === "spend" || command.type === "hold") named.push(command.occurredAt);
  if ("expires" in command && "at" in command.expires) named.push(command.expires.at);
  return named.flatMap((instant) => (instant === null ? [] : [instant - 1n, instant]));
}

/** A refused transfer does not show how far the receiver was. */
function receiversOf(replay: Replay, { known, answeredAt }: Sent, place: number): readonly Wallet[] {
  return replay.statesSince(place, known[place] as number, answeredAt + SKEW);
}

function judgeHold(shown: Shown | null, number: number | null, states: readonly Wallet[], ends: readonly Instant[]): void {
  const candidates = states.flatMap((state) => {
    const hold = state.holds.find(({ sequence }) => sequence === number) as Hold;
    return ends.map((end) => showHold(hold, state, end));
  });
  holds(shown, "the hold is shown");
  sameAsOne(shown, candidates, `hold ${number}`);
}

/** The states at the sequence that an answer shows: not before what had been answered, or is known to be in it. */
function statesShown(
  replay: Replay,
  place: number,
  known: readonly number[],
  wallet: ShownWallet,
  least = known[place] as number,
): readonly Wallet[] {
  const sequence = Number(wallet.sequence);
  holds(sequence >= Math.max(least, known[place] as number), `nothing older than ${known[place]} is shown, but ${sequence}`);
  same(wallet.policy, replay.policyOf(wallet.policy.version), "the policy of a wallet");
  return replay.statesAt(place, sequence);
}

function touchedBy({ entries }: Transaction): readonly number[] {
  return [...new Set(entries.map(({ grant }) => grant))].sort((a, b) => a - b);
}

function holdOf({ type, sequence, relatesTo }: Transaction): number | null {
  return type === "HOLD" ? (relatesTo ?? sequence) : relatesTo;
}
