import {
  GraphQLBoolean,
  GraphQLEnumType,
  type GraphQLFieldConfigMap,
  GraphQLFloat,
  GraphQLID,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLResolveInfo,
  GraphQLSchema,
  GraphQLString,
  GraphQLUnionType,
} from "graphql";
import { badInput } from "../../src/platform/graphql/errors";
import { AmountScalar, DateTimeScalar, JsonObjectScalar } from "../../src/platform/graphql/scalars";

/** A schema in which everything happens that an execution can meet: promises everywhere, failures everywhere, types found in all ways. */

/** In the order in which they were begun, and ended. */
export interface Seen {
  readonly log: string[];
}

export class Circle {
  readonly radius = 2;
}

class Square {
  readonly side = Promise.resolve(3);
  get area(): number {
    throw new Error("the area cannot be told");
  }
}

const Colour = new GraphQLEnumType({ name: "Colour", values: { RED: { value: { rgb: "f00" } }, GREEN: { value: 2 }, BLUE: {} } });

const Shape = new GraphQLInterfaceType({ name: "Shape", fields: { name: { type: new GraphQLNonNull(GraphQLString) } } });

const name = { type: new GraphQLNonNull(GraphQLString), resolve: (value: object) => value.constructor.name };

const CircleType = new GraphQLObjectType({
  name: "Circle",
  interfaces: [Shape],
  isTypeOf: (value) => value instanceof Circle,
  fields: { name, radius: { type: GraphQLInt }, within: { type: Shape, resolve: () => new Square() } },
});

const SquareType = new GraphQLObjectType({
  name: "Square",
  interfaces: [Shape],
  isTypeOf: (value) => Promise.resolve(value instanceof Square),
  fields: { name, side: { type: GraphQLInt }, area: { type: GraphQLInt } },
});

/** `radius` and `side` are asked for under the same name in fragments. */
const Figure = new GraphQLUnionType({
  name: "Figure",
  types: [CircleType, SquareType],
  resolveType: (value: { readonly is?: unknown }) => ("is" in value ? (value.is as string) : value.constructor.name),
});

const Filter: GraphQLInputObjectType = new GraphQLInputObjectType({
  name: "Filter",
  fields: () => ({
    amount: { type: AmountScalar },
    at: { type: DateTimeScalar },
    colour: { type: Colour, defaultValue: 2 },
    sizes: { type: new GraphQLList(new GraphQLNonNull(GraphQLInt)) },
    grid: { type: new GraphQLList(new GraphQLList(GraphQLInt)) },
    metadata: { type: JsonObjectScalar },
    needed: { type: new GraphQLNonNull(GraphQLID) },
    inner: { type: Filter },
    flag: { type: new GraphQLNonNull(GraphQLBoolean), defaultValue: true },
  }),
});

const OneOf = new GraphQLInputObjectType({
  name: "OneOf",
  isOneOf: true,
  fields: { id: { type: GraphQLID }, number: { type: GraphQLFloat } },
});

function show(value: unknown): string {
  return JSON.stringify(value, (_key, one) => (typeof one === "bigint" ? `${one}n` : one));
}

/** All that a resolver is told. */
function told(_source: unknown, args: unknown, context: Seen, info: GraphQLResolveInfo): string {
  const { fieldName, path, parentType, returnType, variableValues, fieldNodes, operation, fragments, schema } = info;
  const nodes = fieldNodes.map(({ loc }) => [loc?.start, loc?.end]);
  const rest = [
    operation.name?.value,
    Object.keys(fragments),
    schema.getQueryType()?.name,
    Object.getPrototypeOf(args) === Object.prototype,
  ];
  return show([args, fieldName, path, parentType, returnType, variableValues, nodes, rest, "log" in context]);
}

const after = async <T>(ticks: number, value: () => T): Promise<T> => {
  for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
  return value();
};
const fail = (message: string) => (): never => {
  throw new Error(message);
};

const Thing: GraphQLObjectType<object, Seen> = new GraphQLObjectType<object, Seen>({
  name: "Thing",
  fields: (): GraphQLFieldConfigMap<object, Seen> => ({
    id: { type: new GraphQLNonNull(GraphQLID), resolve: () => 7 },
    told: {
      type: GraphQLString,
      args: {
        filter: { type: Filter },
        number: { type: GraphQLInt, defaultValue: 5 },
        colour: { type: Colour },
        list: { type: new GraphQLList(GraphQLString) },
        one: { type: OneOf },
        amount: { type: AmountScalar },
      },
      resolve: told,
    },
    needs: { type: GraphQLString, args: { id: { type: new GraphQLNonNull(GraphQLID) } }, resolve: told },
    plain: { type: GraphQLString },
    method: { type: GraphQLString, args: { suffix: { type: GraphQLString } } },
    later: { type: GraphQLString, resolve: () => after(3, () => "later") },
    thing: { type: Thing, resolve: () => ({ plain: "inner" }) },
    laterThing: { type: new GraphQLNonNull(Thing), resolve: () => after(2, () => ({ plain: Promise.resolve("inner later") })) },
    nothing: { type: new GraphQLNonNull(GraphQLString), resolve: () => null },
    laterNothing: { type: new GraphQLNonNull(GraphQLString), resolve: () => after(4, () => undefined) },
    fails: { type: GraphQLString, resolve: fail("it failed") },
    failsHard: { type: new GraphQLNonNull(GraphQLString), resolve: fail("it failed hard") },
    failsLater: { type: GraphQLString, resolve: () => after(2, fail("it failed later")) },
    failsHardLater: { type: new GraphQLNonNull(GraphQLString), resolve: () => after(5, fail("it failed hard, later")) },
    refuses: { type: GraphQLString, resolve: () => Promise.reject(badInput("is bad", ["input", 3])) },
    isAnError: { type: GraphQLString, resolve: () => new Error("a value that is an error") },
    throwsText: { type: GraphQLString, resolve: () => Promise.reject("a text") },
    number: { type: GraphQLInt, resolve: () => "not a number" },
    notFinite: { type: GraphQLFloat, resolve: () => Number.NaN },
    amount: { type: AmountScalar, resolve: () => 12_500_000n },
    colour: { type: Colour, resolve: () => 2 },
    badColour: { type: Colour, resolve: () => "NONE" },
    things: {
      type: new GraphQLList(Thing),
      resolve: () => [
        { plain: "a" },
        null,
        after(3, () => ({ plain: "b" })),
        Promise.reject(new Error("an item failed")),
        new Error("c"),
      ],
    },
    numbers: { type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(GraphQLInt))), resolve: () => new Set([1, 2, 3]) },
    holes: { type: new GraphQLList(new GraphQLNonNull(GraphQLInt)), resolve: () => [1, after(2, () => null), 3] },
    grid: { type: new GraphQLList(new GraphQLList(GraphQLInt)), resolve: () => [[1, "x"], null, after(1, () => [2])] },
    noList: { type: new GraphQLList(GraphQLInt), resolve: () => "12" },
    shape: { type: Shape, resolve: () => new Circle() },
    shapes: { type: new GraphQLList(Shape), resolve: () => [new Circle(), new Square(), {}, { __typename: "Circle" }] },
    figures: { type: new GraphQLList(Figure), resolve: () => [new Circle(), after(2, () => new Square())] },
    wrongFigures: {
      type: new GraphQLList(Figure),
      resolve: () => [
        ...[null, 7, "Nowhere", "Colour", "Thing", CircleType, "Square", Promise.resolve("Circle")].map((is) => ({ is })),
      ],
    },
    wrongCircle: { type: CircleType, resolve: () => new Square() },
    wrongSquare: { type: SquareType, resolve: () => new Circle() },
  }),
});

function step(millis: number, ends: () => unknown) {
  return {
    type: GraphQLString,
    resolve: async (_source: unknown, _args: unknown, { log }: Seen, { path }: GraphQLResolveInfo) => {
      log.push(`${path.key} begins`);
      await after(millis, () => undefined);
      log.push(`${path.key} ends`);
      return ends();
    },
  };
}

export const STRANGE_SCHEMA = new GraphQLSchema({
  query: new GraphQLObjectType({
    name: "Query",
    fields: {
      thing: { type: Thing, resolve: () => ({ plain: "root" }) },
      must: { type: new GraphQLNonNull(Thing), resolve: () => ({}) },
      root: { type: Thing },
    },
  }),
  mutation: new GraphQLObjectType({
    name: "Mutation",
    fields: {
      slow: step(9, () => "slow"),
      quick: step(1, () => "quick"),
      fails: step(2, fail("a step failed")),
      atOnce: { type: GraphQLString, resolve: (_source, _args, { log }: Seen) => String(log.push("at once")) },
      hard: { ...step(2, () => null), type: new GraphQLNonNull(GraphQLString) },
      thing: { type: Thing, resolve: () => after(2, () => ({ plain: "made" })) },
    },
  }),
  types: [CircleType, SquareType],
});
