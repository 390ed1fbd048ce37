import { ArgsType, ID, InputType, ObjectType } from "type-graphql";
import type { Instant } from "../core/time";
import type { Identity, Role } from "../platform/authentication";
import { Access, EVERYONE } from "../platform/graphql/access";
import type { JsonObject } from "../platform/graphql/json-object";
import { Node } from "../platform/graphql/node";
import { connectionType, PageArguments } from "../platform/graphql/paging";
import { ReasonedInput } from "../platform/graphql/reasoned";
import { Refusal } from "../platform/graphql/refusal";
import { DateTimeScalar, JsonObjectScalar } from "../platform/graphql/scalars";
import { describedEnum, Shown } from "../platform/graphql/shown";
import { type Account, accountId } from "./account";

const RoleEnum = describedEnum<Role>("Role", "What a credential is for.", {
  ADMIN: "The operator: may do everything.",
  SERVICE: "An application's back end: spends, holds, captures, releases and refunds, for any account.",
  CUSTOMER: "A person or a team: sees and follows its own account only.",
});

@Access(...EVERYONE)
@ObjectType("TestClock", {
  simpleResolvers: true,
  description: "A clock of an account's own, to try out what time brings: it stands still until it is advanced.",
})
export class TestClockView {
  constructor(private readonly shown: Instant) {}

  @Shown(() => DateTimeScalar, "What time it is for the account.")
  get now(): Instant {
    return this.shown;
  }
}

@Access(...EVERYONE)
@ObjectType("Account", {
  implements: Node,
  simpleResolvers: true,
  description: "A customer of the operator: a person or a team.",
})
export class AccountView implements Node {
  constructor(readonly account: Account) {}

  get id(): string {
    return accountId(this.account.id);
  }

  @Shown(() => String, "Your own id for it; unique, and never changed.")
  get externalId(): string {
    return this.account.externalId;
  }

  @Shown(() => String, "What people call it.", { nullable: true })
  get name(): string | null {
    return this.account.name;
  }

  @Shown(() => String, "The time zone that its days and months are counted in, by its IANA name such as `Europe/Berlin`.")
  get timeZone(): string {
    return this.account.timeZone;
  }

  @Shown(() => JsonObjectScalar, "What you attached to it. The customer can see it, too.", { nullable: true })
  get metadata(): JsonObject | null {
    return this.account.metadata as JsonObject | null;
  }

  @Shown(() => DateTimeScalar, "When it was made.")
  get createdAt(): Instant {
    return this.account.createdAt;
  }

  @Shown(() => TestClockView, "The clock of its own that it was put on; null: it goes by the real time.", { nullable: true })
  get testClock(): TestClockView | null {
    const { testClock } = this.account;
    return testClock === null ? null : new TestClockView(testClock);
  }
}

@Access(...EVERYONE)
@ObjectType("Viewer", { simpleResolvers: true, description: "Who asks, as the credential proves it." })
export class ViewerView {
  constructor(readonly identity: Identity) {}

  @Shown(() => RoleEnum, "What the credential is for.")
  get role(): Role {
    return this.identity.role;
  }

  @Shown(() => String, "How the history of wallets names whoever asks: the id of the API key, or of the customer's account.")
  get actor(): string {
    return this.identity.actor;
  }

  @Shown(() => ID, "The one app that an API key is bound to; null: it is not bound.", { nullable: true })
  get app(): string | null {
    return this.identity.app;
  }

  @Shown(() => DateTimeScalar, "When the credential ends, and open sockets with it; null: it does not.", { nullable: true })
  get expiresAt(): Instant | null {
    return this.identity.expiresAt;
  }
}

export const AccountConnection = connectionType("Account", () => AccountView);

@ArgsType()
export class AccountsArguments extends PageArguments {
  @Shown(() => String, "Only accounts whose external id or name contains this, in upper or lower case. 1-255 characters.", {
    nullable: true,
  })
  readonly search?: string | null;
}

@ArgsType()
export class AccountArguments {
  @Shown(() => ID, "The account. Either this or `externalId`.", { nullable: true })
  readonly id?: string | null;

  @Shown(() => String, "The account, by your own id.", { nullable: true })
  readonly externalId?: string | null;
}

@InputType({ description: "A new customer. It is given once and does not change." })
export class CreateAccountInput extends ReasonedInput {
  @Shown(
    () => String,
    "Your own id for it; unique. Customers' tokens carry it as `sub`. 1-255 characters, without white space around it and line breaks.",
  )
  readonly externalId!: string;

  @Shown(() => String, "What people call it. 1-255 characters.", { nullable: true })
  readonly name?: string | null;

  @Shown(() => String, "The time zone that its days and months are counted in, by its IANA name such as `Europe/Berlin`.", {
    nullable: true,
    defaultValue: "UTC",
  })
  readonly timeZone?: string | null;

  @Shown(() => JsonObjectScalar, "What you attach to it. The customer can see it, too.", { nullable: true })
  readonly metadata?: JsonObject | null;
}

@Access("ADMIN")
@ObjectType({ simpleResolvers: true, description: "What came of making an account." })
export class CreateAccountPayload {
  @Shown(() => AccountView, "The account; null when refused.", { nullable: true })
  readonly account!: AccountView | null;

  @Shown(() => Boolean, "True when it was made now; false when the same input had made it before.")
  readonly created!: boolean;

  @Shown(() => Refusal, "Why nothing was done; null: it was done.", { nullable: true })
  readonly refusal!: Refusal | null;
}
