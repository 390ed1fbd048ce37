import { ArgsType, ID, InputType } from "type-graphql";
import type { Amount } from "../../core/amount";
import type { Instant } from "../../core/time";
import { connectionType, type List, numberedList, PageArguments, type PageRequest } from "../../platform/graphql/paging";
import { AmountScalar, DateTimeScalar } from "../../platform/graphql/scalars";
import { Shown } from "../../platform/graphql/shown";
import type { Window } from "../../platform/window";
import type { GrantKind, HoldStatus, TransactionType } from "../model/types";
import type { GrantStatus } from "../status";
import { AlertView } from "./alert.types";
import { GrantKindEnum, GrantOrderEnum, GrantStatusEnum, HoldStatusEnum, TransactionTypeEnum } from "./enums.types";
import { GrantView } from "./grant.types";
import { HoldView } from "./hold.types";
import { EntryView, TransactionView } from "./transaction.types";
import type { Optional } from "./use-inputs.types";

/** The lists of a wallet, and how they are asked for. */

export const GrantConnection = connectionType<GrantView>("Grant", () => GrantView);
export const TransactionConnection = connectionType<TransactionView>("Transaction", () => TransactionView);
export const EntryConnection = connectionType<EntryView>("Entry", () => EntryView);
export const HoldConnection = connectionType<HoldView>("Hold", () => HoldView);
export const AlertConnection = connectionType<AlertView>("Alert", () => AlertView);

export const GRANTS = numberedList("grant");
export const TRANSACTIONS = numberedList("transaction");
export const HOLDS = numberedList("hold");
export const ALERTS = numberedList("alert");

/** Where an entry stands among those of its grant. */
export interface EntryPosition {
  readonly sequence: number;
  readonly position: number;
}

export const ENTRIES: List<EntryPosition> = {
  name: "entry",
  write: ({ sequence, position }) => `${sequence}.${position}`,
  read: (text) => {
    const [, sequence, position] = /^([1-9][0-9]{0,14})\.([1-9][0-9]{0,8})$/.exec(text) ?? [];
    return sequence === undefined ? null : { sequence: Number(sequence), position: Number(position) };
  },
};

/** A part of a list whose own order is the order of the numbers. */
export function windowOf<Position>(request: PageRequest<Position>): Window<Position> {
  return { ...request, newestFirst: false };
}

@InputType("TransactionFilter", { description: "Which transactions of a wallet. What is not given does not restrict." })
export class TransactionFilterInput {
  @Shown(() => [TransactionTypeEnum], "Of one of these types.", { nullable: true })
  readonly type?: Optional<readonly TransactionType[]>;

  @Shown(() => String, "For this operation.", { nullable: true })
  readonly operation?: Optional<string>;

  @Shown(() => ID, "By this app.", { nullable: true })
  readonly app?: Optional<string>;

  @Shown(() => String, "For this member of the team, by your own id for the person.", { nullable: true })
  readonly member?: Optional<string>;

  @Shown(() => DateTimeScalar, "That count (`effectiveAt`) at this instant or later.", { nullable: true })
  readonly from?: Optional<Instant>;

  @Shown(() => DateTimeScalar, "That count (`effectiveAt`) before this instant.", { nullable: true })
  readonly to?: Optional<Instant>;

  @Shown(() => AmountScalar, "About at least so many credits, given or taken.", { nullable: true })
  readonly minimum?: Optional<Amount>;
}

@ArgsType()
export class TransactionsArguments extends PageArguments {
  @Shown(() => TransactionFilterInput, "Which ones; all when not given.", { nullable: true })
  readonly filter?: Optional<TransactionFilterInput>;
}

@ArgsType()
export class GrantsArguments extends PageArguments {
  @Shown(() => [GrantStatusEnum], "Only those of one of these statuses.", { nullable: true })
  readonly status?: Optional<readonly GrantStatus[]>;

  @Shown(() => [GrantKindEnum], "Only those of one of these kinds.", { nullable: true })
  readonly kind?: Optional<readonly GrantKind[]>;

  @Shown(() => GrantOrderEnum, "The order of the list.", { nullable: true, defaultValue: "CONSUMPTION" })
  readonly order?: Optional<"CONSUMPTION" | "CREATED">;
}

@ArgsType()
export class HoldsArguments extends PageArguments {
  @Shown(() => [HoldStatusEnum], "Only those of one of these statuses.", { nullable: true })
  readonly status?: Optional<readonly HoldStatus[]>;
}
