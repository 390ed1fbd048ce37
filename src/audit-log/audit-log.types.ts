import { ArgsType, ID, InputType, ObjectType } from "type-graphql";
import { formatId } from "../core/ids";
import type { Instant } from "../core/time";
import { Access } from "../platform/graphql/access";
import type { JsonObject } from "../platform/graphql/json-object";
import { Node } from "../platform/graphql/node";
import { connectionType, PageArguments } from "../platform/graphql/paging";
import { DateTimeScalar, JsonObjectScalar } from "../platform/graphql/scalars";
import { Shown } from "../platform/graphql/shown";
import type { AuditEntry } from "./audit-entry";

@Access("ADMIN")
@ObjectType("AuditEntry", {
  implements: Node,
  simpleResolvers: true,
  description: "What an operator did: written with what it did, never changed.",
})
export class AuditEntryView implements Node {
  constructor(private readonly entry: AuditEntry) {}

  get id(): string {
    return formatId("auditEntry", null, this.entry.number);
  }

  @Shown(() => DateTimeScalar, "When.")
  get at(): Instant {
    return this.entry.at;
  }

  @Shown(() => String, "Who.")
  get actor(): string {
    return this.entry.actor;
  }

  @Shown(() => String, "The mutation by which it was done, such as `publishPrices`.")
  get action(): string {
    return this.entry.action;
  }

  @Shown(
    () => ID,
    "What it was done to: `node` fetches it. For what moves credits, the transaction; for plans and packs these themselves, whichever version; for prices of any list, the credit type.",
  )
  get subject(): string {
    return this.entry.subject;
  }

  @Shown(() => ID, "The account that it concerns; null: none in particular.", { nullable: true })
  get accountId(): string | null {
    const { accountId } = this.entry;
    return accountId && formatId("account", accountId);
  }

  @Shown(() => JsonObjectScalar, "What was so before; null: it was not there.", { nullable: true })
  get before(): JsonObject | null {
    return this.entry.before as JsonObject | null;
  }

  @Shown(() => JsonObjectScalar, "What is so after it; null: it is gone.", { nullable: true })
  get after(): JsonObject | null {
    return this.entry.after as JsonObject | null;
  }

  @Shown(() => String, "Why, as the operator said.", { nullable: true })
  get reason(): string | null {
    return this.entry.reason;
  }
}

type Optional<T> = T | null | undefined;

@InputType("AuditFilter", { description: "Which acts of operators. What is not given does not restrict." })
export class AuditFilterInput {
  @Shown(() => String, "Of this actor.", { nullable: true })
  readonly actor?: Optional<string>;

  @Shown(() => String, "By this mutation.", { nullable: true })
  readonly action?: Optional<string>;

  @Shown(() => String, "On what has this id.", { nullable: true })
  readonly subject?: Optional<string>;

  @Shown(() => String, "Concerning this account, by your own id.", { nullable: true })
  readonly externalId?: Optional<string>;

  @Shown(() => DateTimeScalar, "At this instant or later.", { nullable: true })
  readonly from?: Optional<Instant>;

  @Shown(() => DateTimeScalar, "Before this instant.", { nullable: true })
  readonly to?: Optional<Instant>;
}

@ArgsType()
export class AuditLogArguments extends PageArguments {
  @Shown(() => AuditFilterInput, "Which ones; all when not given.", { nullable: true })
  readonly filter?: Optional<AuditFilterInput>;
}

export const AuditEntryConnection = connectionType("AuditEntry", () => AuditEntryView);
