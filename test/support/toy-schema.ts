import "reflect-metadata";
import type { GraphQLSchema } from "graphql";
import {
  Arg,
  Args,
  buildSchemaSync,
  Ctx,
  Field,
  ID,
  InputType,
  Int,
  InterfaceType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  Subscription,
} from "type-graphql";
import { Access, EVERYONE } from "../../src/platform/graphql/access";
import { badInput } from "../../src/platform/graphql/errors";
import type { IdentifiedContext } from "../../src/platform/graphql/execution";
import type { JsonObject } from "../../src/platform/graphql/json-object";
import { MoneyInput, MoneyView } from "../../src/platform/graphql/money";
import {
  type Connection,
  connectionOf,
  connectionType,
  numberedList,
  PageArguments,
  readPage,
} from "../../src/platform/graphql/paging";
import { NO_PUB_SUB } from "../../src/platform/graphql/pub-sub";
import {
  AmountScalar,
  DateTimeScalar,
  DecimalScalar,
  DurationScalar,
  JsonObjectScalar,
} from "../../src/platform/graphql/scalars";
import { checkText } from "../../src/platform/graphql/text";
import { BeginsBehind } from "../../src/platform/graphql/views";
import { Unavailable } from "../../src/platform/unavailable";
import { Channel } from "./channel";

/** A schema with a bit of everything, for tests of what serves schemas: shelves with books, and a bell that rings. */

export interface ToyContext extends IdentifiedContext {
  readonly toy: Toy;
  /** How many contexts there were before. */
  readonly contextNumber: number;
}

/** What the toy's resolvers work on, and tell tests of what happened. */
export class Toy {
  readonly bell = new Channel<number>();
  /** Rings that have been asked for. */
  readonly began = new Channel<number>();
  readonly seen: string[] = [];
  contexts = 0;
  /** What rings wait for. */
  gate: Promise<void> = Promise.resolve();
}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true })
class Book {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => String)
  readonly title!: string;

  @Access("ADMIN")
  @Field(() => String, { nullable: true })
  readonly purchasePrice!: string | null;
}

@InterfaceType()
abstract class Thing {
  @Field(() => ID)
  readonly id!: string;
}

@Access(...EVERYONE)
@ObjectType({ implements: Thing })
class Shelf extends Thing {
  @Field(() => Int)
  readonly size!: number;
}

@Access("ADMIN", "SERVICE")
@ObjectType({ implements: Thing })
class Vault extends Thing {
  @Field(() => String)
  readonly code!: string;
}

const BookConnection = connectionType<Book>("Book", () => Book);
const BOOKS = numberedList("books");
const SHELF = Array.from({ length: 200 }, (_, index) => ({
  id: `book_${index + 1}`,
  title: `Title ${index + 1}`,
  purchasePrice: "9",
}));

@InputType()
class ItemInput {
  @Field(() => AmountScalar)
  readonly amount!: bigint;
}

@InputType()
class EchoInput {
  @Field(() => AmountScalar, { nullable: true })
  readonly amount?: bigint | null;

  @Field(() => DateTimeScalar, { nullable: true })
  readonly time?: bigint | null;

  @Field(() => DurationScalar, { nullable: true })
  readonly period?: string | null;

  @Field(() => JsonObjectScalar, { nullable: true })
  readonly metadata?: JsonObject | null;

  @Field(() => MoneyInput, { nullable: true })
  readonly price?: MoneyInput | null;

  @Field(() => String, { nullable: true })
  readonly text?: string | null;

  @Field(() => [ItemInput], { nullable: true })
  readonly items?: ItemInput[] | null;
}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true })
class Echo {
  @Field(() => AmountScalar, { nullable: true })
  readonly amount!: bigint | null;

  @Field(() => DateTimeScalar, { nullable: true })
  readonly time!: bigint | null;

  @Field(() => DurationScalar, { nullable: true })
  readonly period!: string | null;

  @Field(() => JsonObjectScalar, { nullable: true })
  readonly metadata!: JsonObject | null;

  @Field(() => MoneyView, { nullable: true })
  readonly price!: MoneyView | null;

  @Field(() => String, { nullable: true })
  readonly text!: string | null;
}

@Access(...EVERYONE)
@ObjectType({ simpleResolvers: true })
class Ring {
  @Field(() => Int)
  readonly number!: number;

  @Field(() => String)
  get padding(): string {
    return PADDING;
  }

  /** Which context it was shown with: each event has its own. */
  @Field(() => Int)
  readonly context!: number;

  @Access("ADMIN")
  @Field(() => String, { nullable: true })
  get ringer(): string {
    return "of the operator";
  }

  /** Who it was shown to, as far as resolvers know. */
  @Field(() => String)
  seenBy(@Ctx() { identity }: ToyContext): string {
    const { role, accountId, app, actor, keyId } = identity;
    return JSON.stringify([role, accountId, app, actor, keyId]);
  }

  @Field(() => String, { nullable: true })
  crack(): string | null {
    if (this.number < 0) throw new Error("password=hunter2 in a stack trace");
    return null;
  }
}

/** More than sockets buffer, after a few. */
const PADDING = "x".repeat(100_000);

@Resolver(() => Shelf)
class ToyResolver {
  @Access(...EVERYONE)
  @Query(() => String)
  hello(): string {
    return "world";
  }

  @Access(...EVERYONE)
  @Query(() => String)
  role(@Ctx() { identity }: ToyContext): string {
    return identity.role;
  }

  @Access("ADMIN")
  @Query(() => String, { nullable: true })
  secret(@Ctx() { toy }: ToyContext): string {
    toy.seen.push("secret");
    return "of the operator";
  }

  @Access(...EVERYONE)
  @Query(() => [Thing])
  things(): Thing[] {
    return [Object.assign(new Shelf(), { id: "shelf", size: 3 }), Object.assign(new Vault(), { id: "vault", code: "1234" })];
  }

  @Access(...EVERYONE)
  @Query(() => Book)
  book(): Book {
    return SHELF[0] as Book;
  }

  @Access(...EVERYONE)
  @Query(() => [Book])
  listed(@Arg("ids", () => [ID]) ids: string[]): Book[] {
    return SHELF.filter(({ id }) => ids.includes(id));
  }

  @Access(...EVERYONE)
  @Query(() => BookConnection)
  books(@Args(() => PageArguments) args: PageArguments): Connection<Book> {
    const request = readPage(BOOKS, args);
    const numbered = SHELF.map((book, index) => ({ book, number: index + 1 })).filter(
      ({ number }) => number > (request.after ?? 0) && number < (request.before ?? SHELF.length + 1),
    );
    const rows = request.fromEnd ? numbered.slice(-request.limit) : numbered.slice(0, request.limit);
    const page = { rows, hasMore: rows.length < numbered.length };
    return connectionOf(BOOKS, request, page, { position: ({ number }) => number, node: ({ book }) => book });
  }

  @Access(...EVERYONE)
  @Query(() => Echo)
  echo(@Arg("input", () => EchoInput) input: EchoInput): Echo {
    if (input.text != null) checkText(input.text, { least: 1, most: 10 }, ["input", "text"]);
    return Object.assign(new Echo(), input);
  }

  @Access(...EVERYONE)
  @Query(() => String, { nullable: true })
  fault(@Arg("kind", () => String) kind: string): string {
    if (kind === "input") throw badInput("must not be so", ["kind"]);
    if (kind === "busy") throw Object.assign(new Error("canceling statement due to lock timeout"), { code: "55P03" });
    if (kind === "away") throw new Unavailable("The database is away.", 2);
    throw new Error("password=hunter2 in a stack trace");
  }

  @Access(...EVERYONE)
  @Query(() => Int, { nullable: true })
  wrongType(): unknown {
    return "no number";
  }

  @Access(...EVERYONE)
  @Query(() => DecimalScalar)
  decimal(@Arg("value", () => DecimalScalar) value: string): string {
    return value;
  }

  @Access("ADMIN", "SERVICE")
  @Mutation(() => Int)
  async ring(@Arg("number", () => Int) number: number, @Ctx() { toy }: ToyContext): Promise<number> {
    toy.seen.push(`ring ${number}`);
    toy.began.set(number);
    await toy.gate;
    toy.bell.set(number);
    return number;
  }

  @Access(...EVERYONE)
  @Subscription(() => Ring, { subscribe: ({ context }: { context: ToyContext }) => context.toy.bell.follow() })
  rings(@Root() number: number, @Ctx() { contextNumber }: ToyContext): Ring {
    return Object.assign(new Ring(), { number, context: contextNumber });
  }

  @Access(...EVERYONE)
  @BeginsBehind("after")
  @Subscription(() => Ring, { subscribe: ({ context }: { context: ToyContext }) => context.toy.bell.follow() })
  ringsBehind(
    @Root() number: number,
    @Arg("after", () => Int) _after: number,
    @Arg("pitch", () => Int, { nullable: true }) _pitch: number | null,
    @Ctx() { contextNumber }: ToyContext,
  ): Ring {
    return Object.assign(new Ring(), { number, context: contextNumber });
  }

  @Access("ADMIN")
  @Subscription(() => Ring, { subscribe: ({ context }: { context: ToyContext }) => context.toy.bell.follow() })
  privateRings(@Root() number: number): Ring {
    return Object.assign(new Ring(), { number, context: 0 });
  }

  @Access(...EVERYONE)
  @Subscription(() => Ring, { subscribe: broken })
  brokenRings(@Root() number: number): Ring {
    return Object.assign(new Ring(), { number, context: 0 });
  }

  @Access(...EVERYONE)
  @Subscription(() => Ring, { subscribe: deaf })
  deafRings(@Root() number: number): Ring {
    return Object.assign(new Ring(), { number, context: 0 });
  }
}

async function* broken(): AsyncGenerator<number> {
  yield 1;
  throw new Error("password=hunter2 in a stack trace");
}

/** Waits for ever, whatever its reader does. */
async function* deaf(): AsyncGenerator<number> {
  yield 1;
  await new Promise(() => undefined);
}

export function toySchema(): GraphQLSchema {
  return buildSchemaSync({
    resolvers: [ToyResolver],
    orphanedTypes: [Shelf, Vault],
    validate: false,
    pubSub: NO_PUB_SUB,
  });
}
