import { type Instant, parseInstant } from "../../../src/core/time";
import { parseWalletId } from "../../../src/wallet/ids";
import type { Policy, Wallet, WalletKey } from "../../../src/wallet/model/types";
import { emptyWallet } from "../../../src/wallet/model/wallet";
import { Dice } from "../../support/histories/dice";
import type { Plan } from "../../support/histories/play";
import type { Asked, Sent } from "./answers";
import { Conversation } from "./conversation";
import { judgeAnswer, judgeLook } from "./judge";
import { judgeWhole } from "./judge-whole";
import { readBack } from "./read-back";
import { Replay } from "./replay";
import type { Client, CreditType, Stage } from "./stage";
import { Story } from "./story";

const ZONES = ["UTC", "America/New_York", "Europe/Berlin", "Asia/Kathmandu"];

/** Opens a history's wallets and plays a plan in them. `name`: unique on the stage. */
export async function play(stage: Stage, plan: Plan, name: string): Promise<Conversation> {
  const dice = new Dice(plan.setting);
  const timeZone = dice.one(ZONES) as string;
  const [creditType, other] = dice.of(stage.creditTypes, stage.creditTypes.toReversed()) as [CreditType, CreditType];
  const own = await openAccount(stage.admin, name, timeZone);
  const friend = await openAccount(stage.admin, `${name}-friend`, timeZone);
  const conversation = new Conversation([
    await openWallet(stage.admin, own, creditType),
    await openWallet(stage.admin, friend, creditType),
    await openWallet(stage.admin, own, other),
  ]);
  try {
    await new Story(stage, conversation, creditType.defaultExpiry).play(plan);
  } catch (error) {
    throw withStory(error, conversation);
  }
  return conversation;
}

/** Reads back all that the servers have made of it, and holds that and every answer against the pure core. */
export async function judge({ admin }: Stage, conversation: Conversation): Promise<Replay> {
  const { guess, opened, sent, looks } = conversation;
  try {
    const read = await Promise.all(
      opened.map(({ clockAt }, place) =>
        readBack(admin.lines[place % admin.lines.length] as Client["lines"][0], guess.at(place), clockAt),
      ),
    );
    const replay = new Replay(conversation, read);
    replay.run();
    for (const one of sent) about(one, () => judgeAnswer(replay, one));
    for (const one of looks) about(one, () => judgeLook(replay, one));
    read.forEach((one, place) => {
      judgeWhole(replay.at(place), one);
    });
    return replay;
  } catch (error) {
    throw withStory(error, conversation);
  }
}

interface OpenedAccount {
  readonly externalId: string;
  readonly timeZone: string;
  readonly createdAt: string;
}

async function openAccount(admin: Client, externalId: string, timeZone: string): Promise<OpenedAccount> {
  const document = `mutation ($input: CreateAccountInput!) {
    done: createAccount(input: $input) { account { externalId timeZone createdAt } } }`;
  const { done } = await ask<{ account: OpenedAccount }>(admin, document, { externalId, timeZone });
  return done.account;
}

/** The model's wallet, as it is opened: a moment after its account, when nothing can be due yet. */
async function openWallet(admin: Client, account: OpenedAccount, creditType: CreditType): Promise<Wallet> {
  const { externalId, timeZone, createdAt } = account;
  const { name, refundGrace, expiryNotice } = creditType;
  const document =
    "mutation ($input: OpenWalletInput!) { done: openWallet(input: $input) { wallet { id policy { version keys } } } }";
  const { done } = await ask<{ wallet: { id: string; policy: Policy } }>(admin, document, { externalId, creditType: name });
  const key = parseWalletId(done.wallet.id) as WalletKey;
  const { policy } = done.wallet;
  return emptyWallet({ key, now: parseInstant(createdAt) as Instant, policy, timeZone, refundGrace, expiryNotice });
}

function ask<Done>({ lines: [line] }: Client, document: string, input: object): Promise<{ done: Done }> {
  return (line as Client["lines"][0]).ask(document, { input });
}

function about(asked: Asked, judged: () => void): void {
  try {
    judged();
  } catch (error) {
    throw new Error(`${(error as Error).message}\n\nin the answer to\n${shown(asked)}`, { cause: error });
  }
}

/** What was said up to there, a line each, in the order of the answers. */
function withStory(error: unknown, { sent, looks, keepings }: Conversation): Error {
  const all = [...sent, ...looks, ...keepings].sort((a, b) => Number(a.answeredAt - b.answeredAt));
  return new Error(`${(error as Error).message}\n\nThe story:\n${all.map(shown).join("\n")}`, { cause: error });
}

function shown(asked: Asked): string {
  const { sentAt, answeredAt, place, via, known, ...rest } = asked;
  return `${sentAt}-${answeredAt} wallet ${place} by ${via}, knowing ${known.join()}: ${JSON.stringify(brief(rest), asText)}`;
}

/** Of an answer, what was refused or where it stands in the log. */
function brief(rest: object): object {
  if (!("answer" in rest && "command" in rest)) return rest;
  const { answer, ...asked } = rest as Sent;
  const { refusal, transaction, replayed, wallet } = answer;
  return { ...asked, came: refusal ?? { transaction: transaction?.id, replayed }, wallet: wallet?.sequence };
}

function asText(_field: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
