import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from "graphql";
import type { Role } from "../../src/platform/authentication";

/** Of arguments that must be given; lists are short. */
const GIVEN: Readonly<Record<string, string>> = {
  first: "first: 2",
  time: 'time: "2999-01-01T00:00:00Z"',
  from: 'from: "1970-01-01T00:00:00Z"',
  to: 'to: "2999-01-01T00:00:00Z"',
  creditType: 'creditType: "credits"',
  groupBy: "groupBy: [OPERATION, APP, ACTOR, MEMBER]",
};

/** What of what everybody may see is for operators only: who published it, and why. */
const FOR_OPERATORS = new Set([
  ...["Redenomination", "PriceVersion", "PlanVersion", "PackVersion"].flatMap((type) => [
    `${type}.reason`,
    `${type}.publishedBy`,
  ]),
  "Pack.versions",
]);

/**
 * A selection of all fields of a type and, so many levels deep, of all that they lead to. A list as Relay has them is one level.
 * Of an interface what all its types have: by the same name they may have different things besides. What is the operator's to know is
 * left out for other roles.
 */
export function allFields(schema: GraphQLSchema, type: GraphQLNamedType, levels: number, role: Role = "ADMIN"): string {
  if (isUnionType(type)) {
    const types = schema.getPossibleTypes(type).map((one) => `... on ${one.name} { ${allFields(schema, one, levels, role)} }`);
    return ["__typename", ...types].join(" ");
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return "__typename";
  const fields = Object.values(type.getFields()).filter(
    ({ name }) => role === "ADMIN" || !FOR_OPERATORS.has(`${type.name}.${name}`),
  );
  return ["__typename", ...fields.flatMap((field) => selectionOf(schema, field, levels, role))].join(" ");
}

function selectionOf(
  schema: GraphQLSchema,
  field: GraphQLField<unknown, unknown>,
  levels: number,
  role: Role,
): readonly string[] {
  const type = getNamedType(field.type);
  const called = `${field.name}${argumentsOf(field)}`;
  if (isLeafType(type)) return [called];
  // The parts of a list do not count: what it lists does.
  const isPart = type.name.endsWith("Edge") || field.name === "node" || field.name === "pageInfo";
  if (levels === 0 && !isPart) return [];
  return [`${called} { ${allFields(schema, type, isPart ? levels : levels - 1, role)} }`];
}

function argumentsOf({ args }: GraphQLField<unknown, unknown>): string {
  const given = args.filter((argument) => isRequiredArgument(argument) || argument.name === "first");
  return given.length === 0 ? "" : `(${given.map(({ name }) => GIVEN[name]).join(", ")})`;
}
