import { ID, InputType, ObjectType } from "type-graphql";
import type { Instant } from "../core/time";
import { Access, EVERYONE } from "../platform/graphql/access";
import { Node } from "../platform/graphql/node";
import { connectionType } from "../platform/graphql/paging";
import { ReasonedInput } from "../platform/graphql/reasoned";
import { Refusal } from "../platform/graphql/refusal";
import { DateTimeScalar } from "../platform/graphql/scalars";
import { Shown } from "../platform/graphql/shown";
import { SpendingLimitInput } from "../wallet";
import { type Member, memberId } from "./member";

/** The people of a team, as the API shows and takes them. */

@Access(...EVERYONE)
@ObjectType("Member", {
  implements: Node,
  simpleResolvers: true,
  description: "A person of a team: of an account whose wallets several people share, each within limits.",
})
export class MemberView implements Node {
  constructor(readonly member: Member) {}

  get id(): string {
    return memberId(this.member);
  }

  @Shown(() => String, "Your own id for the person; unique within the account, and never changed.")
  get externalId(): string {
    return this.member.externalId;
  }

  @Shown(() => String, "What people call it.", { nullable: true })
  get name(): string | null {
    return this.member.name;
  }

  @Shown(() => DateTimeScalar, "When it was first made a member.")
  get createdAt(): Instant {
    return this.member.createdAt;
  }

  @Shown(() => DateTimeScalar, "When it was removed; null: it is a member.", { nullable: true })
  get removedAt(): Instant | null {
    return this.member.removedAt;
  }
}

export const MemberConnection = connectionType<MemberView>("Member", () => MemberView);

/** A person of an account. */
@InputType()
abstract class MemberChoice extends ReasonedInput {
  @Shown(() => ID, "The account. Either this or `externalId`.", { nullable: true })
  accountId?: string | null;

  @Shown(() => String, "The account, by your own id.", { nullable: true })
  externalId?: string | null;

  @Shown(() => String, "The person, by your own id; unique within the account. 1-255 characters.")
  member!: string;
}

@InputType({ description: "A member of a team as it is to be: what is left out, it has not any more." })
export class SetMemberInput extends MemberChoice {
  @Shown(() => String, "What people call it. 1-255 characters.", { nullable: true })
  name?: string | null;

  @Shown(
    () => [SpendingLimitInput],
    "All its limits, at most 20; without any, only what there is limits it. A limit of the same operations and interval as before goes on with what was used; a new one begins with what the history says was used in its present interval.",
    { nullable: true },
  )
  limits?: SpendingLimitInput[] | null;
}

@InputType({ description: "Somebody who is to be no member of a team any more." })
export class RemoveMemberInput extends MemberChoice {}

@Access("ADMIN")
@ObjectType({ simpleResolvers: true, description: "What came of setting a member." })
export class SetMemberPayload {
  @Shown(() => MemberView, "The member as it is; null when refused.", { nullable: true })
  readonly member!: MemberView | null;

  @Shown(() => Refusal, "Why nothing was done; null: it was done.", { nullable: true })
  readonly refusal!: Refusal | null;
}

@Access("ADMIN")
@ObjectType({ simpleResolvers: true, description: "What came of removing a member." })
export class RemoveMemberPayload {
  @Shown(() => MemberView, "Who was the member; null when refused.", { nullable: true })
  readonly member!: MemberView | null;

  @Shown(() => Refusal, "Why nothing was done; null: it was done.", { nullable: true })
  readonly refusal!: Refusal | null;
}
