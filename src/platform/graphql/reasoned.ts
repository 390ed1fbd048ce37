import { InputType } from "type-graphql";
import type { Operator } from "../act";
import type { InputPath } from "./errors";
import type { RequestContext } from "./request";
import { Shown } from "./shown";
import { checkText } from "./text";

const MOST_CHARACTERS = 1_000;

/** What every operator's act may say of itself. */
@InputType()
export abstract class ReasonedInput {
  @Shown(() => String, "Why, for the audit log. At most 1000 characters.", { nullable: true })
  reason?: string | null | undefined;
}

/** Who acts, and why. Throws BAD_USER_INPUT for a reason that is too long. */
export function operatorOf({ identity }: RequestContext, { reason }: ReasonedInput, path: InputPath): Operator {
  const said = reason == null || reason === "" ? null : checkText(reason, { most: MOST_CHARACTERS }, [...path, "reason"]);
  return { actor: identity.actor, reason: said };
}
