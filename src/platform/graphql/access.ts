import "reflect-metadata";
import { defaultFieldResolver, type GraphQLField, type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from "graphql";
import { Extensions } from "type-graphql";
import { type Identity, ROLES, type Role } from "../authentication";
import { forbidden } from "./errors";

/** For what whoever may be here at all may see. */
export const EVERYONE = ROLES;

const EXTENSION = "access";

type AccessDecorator = ClassDecorator & PropertyDecorator & MethodDecorator;

/**
 * Who may have a field: of a field, or of an object type for all its fields that have no rule of their own. Every field needs a rule
 * either way; a server does not start without.
 */
export function Access(...roles: readonly Role[]): AccessDecorator {
  return Extensions({ [EXTENSION]: roles }) as AccessDecorator;
}

/** The fields that nobody decided about, as "Type.field". */
export function fieldsWithoutRule(schema: GraphQLSchema): readonly string[] {
  return [...fieldsOf(schema)].filter(({ roles }) => roles === null).map(({ name }) => name);
}

/**
 * Has each field refused to those whom its rule excludes, before anything of it runs. Only fields that exclude someone are wrapped. What
 * has no rule is refused to all.
 */
export function enforceAccess(schema: GraphQLSchema): void {
  if (enforced.has(schema)) return;
  enforced.add(schema);
  for (const { field, roles } of fieldsOf(schema)) {
    if (roles !== null && ROLES.every((role) => roles.includes(role))) continue;
    field.resolve = guarded(field.resolve ?? defaultFieldResolver, roles ?? []);
    if (field.subscribe) field.subscribe = guarded(field.subscribe, roles ?? []);
  }
}

const enforced = new WeakSet<GraphQLSchema>();

type Resolver = GraphQLFieldResolver<unknown, { readonly identity: Identity }>;

function guarded(resolver: Resolver, roles: readonly Role[]): Resolver {
  return (source, args, context, info) => {
    const { role } = context.identity;
    if (roles.includes(role)) return resolver(source, args, context, info);
    throw forbidden(`${info.parentType.name}.${info.fieldName} is for ${namesOf(roles)}, not for the role ${role}.`);
  };
}

/** Says in the description of each query, mutation and subscription for whom it is, if it is not for everyone. */
export function describeAccess(schema: GraphQLSchema): void {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].map((type) => type?.name);
  for (const { name, field, roles } of fieldsOf(schema)) {
    const [parent = ""] = name.split(".");
    if (roots.includes(parent) && roles !== null && roles.length < ROLES.length)
      field.description = `${field.description ?? ""} For ${namesOf(roles)}.`.trimStart();
  }
}

function namesOf(roles: readonly Role[]): string {
  return roles.length === 0 ? "nobody" : roles.join(" and ");
}

interface RuledField {
  readonly name: string;
  readonly field: GraphQLField<unknown, { readonly identity: Identity }>;
  readonly roles: readonly Role[] | null;
}

/** Interfaces have no resolvers: what is reached through one is a field of an object type. */
function* fieldsOf(schema: GraphQLSchema): Generator<RuledField> {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith("__")) continue;
    for (const field of Object.values(type.getFields()))
      yield { name: `${type.name}.${field.name}`, field, roles: ruleOf(field.extensions) ?? ruleOf(type.extensions) };
  }
}

function ruleOf(extensions: Readonly<Record<string, unknown>>): readonly Role[] | null {
  return (extensions[EXTENSION] as readonly Role[] | undefined) ?? null;
}
