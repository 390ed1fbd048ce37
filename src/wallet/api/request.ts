import { parseId } from "../../core/ids";
import { FIRST_UNIT } from "../../core/unit";
import type { Operator } from "../../platform/act";
import type { Identity } from "../../platform/authentication";
import { badInput, type InputPath } from "../../platform/graphql/errors";
import { maySee, type RequestContext } from "../../platform/graphql/request";
import type { Answer } from "../answer";
import { type CreditType, creditTypeByName } from "../credit-types";
import { type Numbered, parseNumberedId, parseWalletId } from "../ids";
import type { Command, HoldCommand, SpendCommand } from "../model/commands";
import type { WalletKey } from "../model/types";
import { ANY_PRICES, withPrice } from "../priced-commands";
import { submit } from "../submit";
import { MOST_NAME_CHARACTERS, text } from "./checks";
import { unitsOf } from "./units";
import type { Caller } from "./use-commands";
import { loadersOf } from "./wallet.loaders";

/** What a request may see and name: the same answer for what is not there, what is malformed, and what is someone else's. */

/** Who sends a command to a wallet. Where there is none, its input is checked all the same. */
export async function callerOf(request: RequestContext, key: WalletKey | null): Promise<Caller> {
  const { actor, app: boundTo } = request.identity;
  return { actor, boundTo, unit: key ? (await unitsOf(request)).of(key.creditTypeId) : FIRST_UNIT };
}

/** Whose act it is, for the audit log; null: no operator's. Why, the transaction says. */
function actorOf({ identity }: Pick<RequestContext, "identity">): Operator | null {
  return identity.role === "ADMIN" ? { actor: identity.actor, reason: null } : null;
}

/** A key that is bound to an app sees the transactions and holds of that app only. */
export function seesApp({ app: boundTo }: Identity, app: string | null): boolean {
  return boundTo === null || boundTo === app;
}

/** The wallet that an id names, if the caller may see it. */
export function visibleWallet(request: RequestContext, id: string): WalletKey | null {
  const key = parseWalletId(id);
  return key && maySee(request, key.accountId) ? key : null;
}

/** What an id of this kind names, if the caller may see its account. */
export function visibleNumbered(
  request: RequestContext,
  kind: Parameters<typeof parseNumberedId>[0],
  id: string,
): Numbered | null {
  const named = parseNumberedId(kind, id);
  return named && maySee(request, named.key.accountId) ? named : null;
}

/** The UUID of an account by the operator's id for it, if the caller may see it. `path`: of the input that gives it. */
export async function visibleAccount(request: RequestContext, externalId: string, path: InputPath): Promise<string | null> {
  const accountId = await loadersOf(request).accountIds.load(text(externalId, MOST_NAME_CHARACTERS, path));
  return accountId !== null && maySee(request, accountId) ? accountId : null;
}

/** How an input names an account. */
export interface AccountChoice {
  readonly accountId?: string | null | undefined;
  readonly externalId?: string | null | undefined;
}

/** The UUID of an account (which need not exist), if the caller may see it; and the field of the input that names it. */
export interface ChosenAccount {
  readonly uuid: string | null;
  readonly field: "accountId" | "externalId";
}

/** The account that an input names. Throws BAD_USER_INPUT when it names none, or two. */
export async function chooseAccount(
  request: RequestContext,
  { accountId, externalId }: AccountChoice,
  path: InputPath,
): Promise<ChosenAccount> {
  if ((accountId == null) === (externalId == null)) throw badInput("needs exactly one of accountId and externalId", path);
  if (externalId != null)
    return { uuid: await visibleAccount(request, externalId, [...path, "externalId"]), field: "externalId" };
  const uuid = parseId(accountId ?? "", "account")?.uuid ?? null;
  return { uuid: uuid !== null && maySee(request, uuid) ? uuid : null, field: "accountId" };
}

/** How an input names a wallet. */
export interface Choice {
  readonly walletId?: string | null | undefined;
  readonly externalId?: string | null | undefined;
  readonly creditType?: string | null | undefined;
}

/** What a choice comes to: a wallet (which need not exist); or the field of the input that names nothing. */
export type Chosen = { readonly key: WalletKey; readonly field: string } | { readonly key: null; readonly field: string };

/** The wallet that an input names. Throws BAD_USER_INPUT when it names none, or two. */
export async function chooseWallet(request: RequestContext, choice: Choice, path: InputPath): Promise<Chosen> {
  const { walletId, externalId, creditType } = choice;
  if (walletId != null) {
    if (externalId != null || creditType != null) throw badInput("needs walletId, or externalId and creditType: not both", path);
    return { key: visibleWallet(request, walletId), field: "walletId" };
  }
  if (externalId == null || creditType == null) throw badInput("needs walletId, or externalId and creditType", path);
  const accountId = await visibleAccount(request, externalId, [...path, "externalId"]);
  if (accountId === null) return { key: null, field: "externalId" };
  const type = await findCreditType(request, creditType);
  return type ? { key: { accountId, creditTypeId: type.id }, field: "creditType" } : { key: null, field: "creditType" };
}

/** What an input comes to that may be a member's of a team: the wallet, and the member's number in its account; null: it names none. */
export type Spender = Chosen & { readonly member: number | null };

/** The wallet that an input names, and the member. Throws as `chooseWallet` does. */
export async function chooseSpender(
  request: RequestContext,
  input: Choice & { readonly member?: string | null | undefined },
  path: InputPath,
): Promise<Spender> {
  const member = input.member == null ? null : text(input.member, MOST_NAME_CHARACTERS, [...path, "member"]);
  const { key, field } = await chooseWallet(request, input, path);
  if (key === null || member === null) return { key, field, member: null };
  const number = await loadersOf(request).memberNumbers.load({ accountId: key.accountId, externalId: member });
  return number === null ? { key: null, field: "member", member: null } : { key, field, member: number };
}

/** The command as the member's. Spreading it takes 3 µs: those who are no member's are left as they are. */
export function commandOf<Command extends SpendCommand | HoldCommand>(command: Command, { member }: Spender): Command {
  return member === null ? command : { ...command, member };
}

export function findCreditType({ core }: RequestContext, name: string): Promise<CreditType | null> {
  return creditTypeByName(core, name);
}

/** Prices a spend beforehand, so that it is done in its order among others. */
export async function pricedFor({ core }: RequestContext, key: WalletKey | null, command: SpendCommand): Promise<SpendCommand> {
  return key && command.pricing ? withPrice(core, key, command, ANY_PRICES) : command;
}

/** Has a command done, as `submit` does; what it takes here and what it takes there is counted apart. */
export async function submitFor(request: RequestContext, key: WalletKey, command: Command): Promise<Answer> {
  const { core, watch, identity } = request;
  const units = await unitsOf(request);
  watch.resolved();
  const answer = await submit(core, units.key(key), command, actorOf({ identity }));
  watch.settled();
  return answer;
}
