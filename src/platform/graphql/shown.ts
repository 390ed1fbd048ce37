import "reflect-metadata";
import { Field, registerEnumType } from "type-graphql";

type TypeThunk = Parameters<typeof Field>[0];
interface ShownOptions {
  readonly nullable?: boolean;
  readonly defaultValue?: unknown;
  readonly deprecationReason?: string;
}

/**
 * A field of an object type: its GraphQL type, and what a reader is told of it. It is read as a property, on getters too: type-graphql
 * would take a getter for a resolver and run it through its middleware, several times slower in long lists.
 */
export function Shown(type: TypeThunk, description: string, options: ShownOptions = {}): PropertyDecorator {
  const decorate = Field(type, { description, ...options }) as PropertyDecorator;
  return (prototype, property) => decorate(prototype, property);
}

/** An enum of the schema from a closed list of the model: every value has a description, and none can be forgotten. */
export function describedEnum<Value extends string>(
  name: string,
  description: string,
  values: Readonly<Record<Value, string>>,
): { readonly [Name in Value]: Name } {
  const names = Object.keys(values) as Value[];
  const enumeration = Object.fromEntries(names.map((value) => [value, value])) as { [Name in Value]: Name };
  const valuesConfig = Object.fromEntries(names.map((value) => [value, { description: values[value] }]));
  registerEnumType(enumeration, { name, description, valuesConfig: valuesConfig as Record<Value, { description: string }> });
  return enumeration;
}
