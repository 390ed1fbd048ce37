import { ArgsType, Int, ObjectType } from "type-graphql";
import { formatId } from "../core/ids";
import type { Instant, Period } from "../core/time";
import { Access, EVERYONE } from "../platform/graphql/access";
import { MoneyView } from "../platform/graphql/money";
import { Node } from "../platform/graphql/node";
import { connectionType, PageArguments } from "../platform/graphql/paging";
import { DateTimeScalar, DurationScalar } from "../platform/graphql/scalars";
import { Shown } from "../platform/graphql/shown";
import type { Pack, PackVersion } from "./pack";

/** What a pack and each version of it show alike. */
@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true })
abstract class TermsView {
  abstract get terms(): PackVersion;

  @Shown(() => String, "What people call it.")
  get title(): string {
    return this.terms.title;
  }

  @Shown(() => MoneyView, "What it costs.")
  get price(): MoneyView {
    return this.terms.price;
  }

  @Shown(() => DurationScalar, "How long its credits live; null: as long as the credit type says.", { nullable: true })
  get life(): Period | null {
    return this.terms.life;
  }

  @Shown(() => Int, "The priority of its credits, 0-255: the smaller is spent first.")
  get priority(): number {
    return this.terms.priority;
  }

  @Shown(() => Boolean, "Whether any account may buy it; otherwise only those whose plan names it.")
  get forEveryone(): boolean {
    return this.terms.forEveryone;
  }
}

@Access(...EVERYONE)
@ObjectType("PackVersion", {
  implements: Node,
  simpleResolvers: true,
  description: "What a pack was from one publication to the next. Never changed.",
})
export class PackVersionView extends TermsView implements Node {
  constructor(readonly version: PackVersion) {
    super();
  }

  get terms(): PackVersion {
    return this.version;
  }

  get id(): string {
    return formatId("packVersion", null, this.version.id);
  }

  @Shown(() => Int, "1, 2, 3, ... of its pack.")
  get number(): number {
    return this.version.number;
  }

  @Access("ADMIN")
  @Shown(() => String, "Why it was published.", { nullable: true })
  get reason(): string | null {
    return this.version.reason;
  }

  @Shown(() => DateTimeScalar, "When it was published.")
  get publishedAt(): Instant {
    return this.version.publishedAt;
  }

  @Access("ADMIN")
  @Shown(() => String, "Who published it.")
  get publishedBy(): string {
    return this.version.publishedBy;
  }
}

@Access(...EVERYONE)
@ObjectType("Pack", {
  implements: Node,
  simpleResolvers: true,
  description: "A bundle of credits for sale, as its latest version has it.",
})
export class PackView extends TermsView implements Node {
  constructor(readonly pack: Pack) {
    super();
  }

  get terms(): PackVersion {
    return this.pack.latest;
  }

  get id(): string {
    return formatId("pack", null, this.pack.id);
  }

  @Shown(() => String, "Its name: unique, never changed and never used again.")
  get name(): string {
    return this.pack.name;
  }

  @Shown(() => PackVersionView, "The latest version, which says what it is.")
  get version(): PackVersionView {
    return new PackVersionView(this.pack.latest);
  }

  @Shown(() => DateTimeScalar, "Since when it is not for sale any more; null: it is.", { nullable: true })
  get retiredAt(): Instant | null {
    return this.pack.retired?.at ?? null;
  }
}

export const PackConnection = connectionType("Pack", () => PackView);
export const PackVersionConnection = connectionType("PackVersion", () => PackVersionView);

@ArgsType()
export class PacksArguments extends PageArguments {
  @Shown(() => String, "Only packs of this credit type, by its name.", { nullable: true })
  readonly creditType?: string | null;

  @Shown(() => Boolean, "Whether those that are retired are among them, too: not for customers.", {
    nullable: true,
    defaultValue: false,
  })
  readonly retired?: boolean | null;
}
