import { ID, InputType, ObjectType } from "type-graphql";
import type { Instant } from "../core/time";
import { Access } from "../platform/graphql/access";
import { Node } from "../platform/graphql/node";
import { connectionType } from "../platform/graphql/paging";
import { ReasonedInput } from "../platform/graphql/reasoned";
import { Refusal } from "../platform/graphql/refusal";
import { DateTimeScalar } from "../platform/graphql/scalars";
import { describedEnum, Shown } from "../platform/graphql/shown";
import { type ApiKey, apiKeyId, type KeyRole } from "./api-keys";

const KeyRoleEnum = describedEnum<KeyRole>("ApiKeyRole", "What an API key is for.", {
  ADMIN: "The operator: may do everything.",
  SERVICE: "An application's back end: spends, holds, captures, releases and refunds, for any account.",
});

@Access("ADMIN")
@ObjectType("ApiKey", {
  implements: Node,
  simpleResolvers: true,
  description: "A key that programs of the operator identify themselves with. Only a keyed hash of it is stored.",
})
export class ApiKeyView implements Node {
  constructor(readonly apiKey: ApiKey) {}

  get id(): string {
    return apiKeyId(this.apiKey.id);
  }

  @Shown(() => String, "How the key begins: enough to tell it from others.")
  get prefix(): string {
    return this.apiKey.prefix;
  }

  @Shown(() => KeyRoleEnum, "What it is for.")
  get role(): KeyRole {
    return this.apiKey.role;
  }

  @Shown(() => ID, "The one app that it acts for; null: any.", { nullable: true })
  get app(): string | null {
    return this.apiKey.app;
  }

  @Shown(() => String, "What people call it.")
  get name(): string {
    return this.apiKey.name;
  }

  @Shown(() => DateTimeScalar, "When it was made.")
  get createdAt(): Instant {
    return this.apiKey.createdAt;
  }

  @Shown(() => DateTimeScalar, "When it ends by itself; null: never.", { nullable: true })
  get expiresAt(): Instant | null {
    return this.apiKey.expiresAt;
  }

  @Shown(() => DateTimeScalar, "When it was revoked; null: it was not.", { nullable: true })
  get revokedAt(): Instant | null {
    return this.apiKey.revokedAt;
  }
}

export const ApiKeyConnection = connectionType("ApiKey", () => ApiKeyView);

@InputType({ description: "A new API key." })
export class CreateApiKeyInput extends ReasonedInput {
  @Shown(() => KeyRoleEnum, "What it is for.")
  readonly role!: KeyRole;

  @Shown(() => String, "What people will know it by. 1-255 characters.")
  readonly name!: string;

  @Shown(() => ID, "The one app that a SERVICE key is to act for; any when not given. 1-255 characters.", { nullable: true })
  readonly app?: string | null;

  @Shown(() => DateTimeScalar, "When it ends by itself; never when not given.", { nullable: true })
  readonly expiresAt?: Instant | null;
}

@InputType({ description: "An API key to end." })
export class RevokeApiKeyInput extends ReasonedInput {
  @Shown(() => ID, "The key's id: not the key itself.")
  readonly apiKeyId!: string;
}

@Access("ADMIN")
@ObjectType({ simpleResolvers: true, description: "What came of making an API key." })
export class CreateApiKeyPayload {
  @Shown(() => ApiKeyView, "What is kept of the key; null when refused.", { nullable: true })
  readonly apiKey!: ApiKeyView | null;

  @Shown(() => String, "The key itself. It is shown this once: keep it now. Null when refused.", { nullable: true })
  readonly secret!: string | null;

  @Shown(() => Refusal, "Why nothing was done; null: it was done.", { nullable: true })
  readonly refusal!: Refusal | null;
}

@Access("ADMIN")
@ObjectType({ simpleResolvers: true, description: "What came of revoking an API key." })
export class RevokeApiKeyPayload {
  @Shown(() => ApiKeyView, "The key as it is now; null when refused.", { nullable: true })
  readonly apiKey!: ApiKeyView | null;

  @Shown(() => Refusal, "Why nothing was done; null: it was done.", { nullable: true })
  readonly refusal!: Refusal | null;
}
