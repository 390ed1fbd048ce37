import { GraphQLEnumType, GraphQLInputObjectType } from "graphql";
import type { Place } from "../support/input-places";

/** What is wrong in each kind of place, as the text of JSON. */

/** `error`: BAD_USER_INPUT, and where. `nothing`: that, or a refusal, or nothing is found. */
export interface Hostile {
  readonly json: string;
  readonly outcome: "error" | "nothing";
}

const error = (...values: readonly string[]): readonly Hostile[] => values.map((json) => ({ json, outcome: "error" }));
const nothing = (...values: readonly string[]): readonly Hostile[] => values.map((json) => ({ json, outcome: "nothing" }));

const LONG = `"${"x".repeat(20_000)}"`;
const DEEP = `${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`;
/** What no text may have in it. */
const UNSTORABLE = ['"\\u0000"', '"a\\u0000b"', '"\\ud800"', '"\\udc00x"', '"a\\uD83D"'];
const NO_TEXT = ["1", "1.5", "true", "{}", '["a"]', '{"toString":1}'];
const NO_DECIMAL = [
  ...['"1e3"', '"-0"', '"NaN"', '"Infinity"', '"1234567890123456789"', '"1.1234567890123"', '"١٢٫٥"', '"１２"', '"0x10"', '""'],
  ...['" 1"', '"1 "', '"+1"', '"1\\n"', '"1,5"', '"01"', '".5"', '"5."', '"--1"', '"1_000"', '"⁵"', '"1\\u0000"', LONG],
  ...["1.5", "-0", "-0.0", "1e-3", "1e400", "9007199254740993", "true", "{}", "[1]", "[]", '{"valueOf":1}'],
];

/** By the type of the place. */
const BY_TYPE: Readonly<Record<string, readonly Hostile[]>> = {
  Amount: error(...NO_DECIMAL, '"1.1234567"', '"9000000000000.000001"', '"-9000000000000.000001"', "9000000000001"),
  Decimal: error(...NO_DECIMAL, '"1000000000000000"'),
  String: error(...UNSTORABLE, ...NO_TEXT),
  ID: [...error(...UNSTORABLE, "1.5", "true", "{}", '["a"]'), ...nothing('""', LONG)],
  JSONObject: error(
    ...[
      `{"a":"${"x".repeat(4_100)}"}`,
      '{"a":"\\u0000"}',
      '{"\\u0000":1}',
      '{"a":{"b":["\\ud800"]}}',
      '{"\\udfff":1}',
      '{"a":1e999}',
    ],
    ...['{"a":9007199254740993}', '"{}"', "1", "true", "[]", "[{}]", DEEP, `{"a":${"[".repeat(40)}${"]".repeat(40)}}`],
  ),
  DateTime: error(
    ...['"yesterday"', '""', '"2026-02-30T00:00:00Z"', '"2026-01-01"', '"2026-01-01T00:00:00"', '"2026-01-01T24:00:01Z"', '"0"'],
    ...['"1969-12-31T23:59:59.999999Z"', '"10000-01-01T00:00:00Z"', '"+275760-09-13T00:00:00Z"', "1767225600", "1e300", "{}"],
    ...['"2026-01-01T00:00:00+99:00"', '"٢٠٢٦-٠١-٠١T00:00:00Z"', '"infinity"', LONG, ...UNSTORABLE],
  ),
  Duration: error(
    ...['"P"', '""', '"PT"', '"P-1D"', '"-P1D"', '"P0D"', '"P1000Y"', '"P101Y"', '"1 day"', '"P1e3D"', '"P99999999999D"'],
    ...["1", "{}", LONG, ...UNSTORABLE],
  ),
  CurrencyCode: error('"eur"', '"EURO"', '"€"', '""', '"EU"', "1", "{}", LONG, ...UNSTORABLE),
  Int: error("1.5", '"1"', "2147483648", "-2147483649", "1e10", "1e400", "true", "{}", "[]", '"\\u0000"'),
  Boolean: error('"true"', "1", "0", "{}", '""', "[]"),
};
const OF_ENUM = error(
  '"NOPE"',
  '"__proto__"',
  '"toString"',
  '"constructor"',
  '""',
  '"plan"',
  "0",
  "true",
  "{}",
  '"\\u0000"',
  LONG,
);
const OF_OBJECT = error('"text"', "1", "true", '{"__proto__":{}}', '{"constructor":{}}', '{"nope":1}', '{"\\u0000":1}');

/** By the name of the place, beside those of its type. */
const BY_NAME: readonly (readonly [RegExp, readonly Hostile[]])[] = [
  // Amounts are for more than nothing, but for these.
  [
    /^Mutation(?!.*(adjust|setOverdraft|costBasis|publishPlan input\.price|setMember)).* input\.(.*\.)?(amount|maximum)$/,
    error('"0"', '"-1"', "0", "-1", '"0.000000"'),
  ],
  [/adjustBalance input\.amount$/, error('"0"', "0", '"0.0"')],
  [
    /(setOverdraft input\.limit|costBasis\.amount|publishPlan input\.price\.amount|setMember input\.limits\.amount)$/,
    error('"-1"', "-1", '"-0.000001"'),
  ],
  [/quote input\.amount$/, error('"0"', '"-1"')],
  [/ (first|last)$/, error("0", "-1", "101", "1000000000")],
  [/priority$/, error("-1", "256", "1000000000")],
  [/percent$/, error("0", "-1", "101")],
  [/periods$/, error("0", "-1", "1201", "1000000000")],
  [/idempotencyKey$/, error('""', `"${"k".repeat(256)}"`, LONG)],
  [
    / (after|before)$/,
    error('""', '"bm9wZTox"', '"Z3JhbnRzOi0x"', '"Z3JhbnRzOjE="', '"%00"', '"0 "', '"-1"', '"999999999999999999999"', LONG),
  ],
  [
    /(externalId|member|setMember input\.name|createAccount input\.name|createApiKey input\.name|search)$/,
    error('""', `"${"n".repeat(256)}"`, LONG),
  ],
  [/operation$/, error(`"${"o".repeat(256)}"`, LONG)],
  [/(app|operations|apps)$/, error(`"${"a".repeat(256)}"`, LONG, '"a*b"')],
  [/(description|reason)$/, error(`"${"d".repeat(1_001)}"`, LONG)],
  [/(creditType|createCreditType input\.name)$/, nothing('""', '"Credits"', '"credits "', '"__proto__"', LONG)],
  [/creditType$/, nothing('"constructor"', '"toString"')],
  [/timeZone$/, error('""', '"Mars/Olympus"', '"+25:00"', '"../../etc/passwd"', '"__proto__"', LONG)],
  [/^(?!.*createApiKey).*(expiresAt|occurredAt|effectiveAt)$/, nothing('"9999-12-31T23:59:59.999999Z"')],
  [/policy$/, error('"EXPIRY"', '"KIND"')],
];

/** Names that look like ids are none: an app's, which the caller chooses. */
export function namesSomething({ type, name }: Place): boolean {
  return type.name === "ID" && !/\b(apps?)$/.test(name);
}

/** What must not be taken at this place. */
export function hostileAt(place: Place, ids: readonly string[]): readonly Hostile[] {
  const { type, name } = place;
  const ofType =
    type instanceof GraphQLEnumType ? OF_ENUM : type instanceof GraphQLInputObjectType ? OF_OBJECT : BY_TYPE[type.name];
  if (!ofType) throw new Error(`nothing is known that is wrong for ${type.name}`);
  const byName = BY_NAME.flatMap(([pattern, values]) => (pattern.test(name) ? values.map(outcomeAt(name)) : []));
  return [...ofType, ...byName, ...(namesSomething(place) ? nothing(...wrongIds(place, ids)) : [])];
}

/** What is wrong with prices, packs and plans is told all at once, in a refusal. */
function outcomeAt(name: string): (hostile: Hostile) => Hostile {
  return (hostile) => (TOLD_AT_ONCE.test(name) ? { ...hostile, outcome: "nothing" } : hostile);
}

const TOLD_AT_ONCE =
  /publishPrices input\.prices|publishPack input\.(amount|price|priority)|publishPlan input\.(price|allotments|overdrafts)/;

/** Ids that are not what is asked for: garbage, of other kinds, of what is not there. */
function wrongIds({ name, value }: Place, ids: readonly string[]): readonly string[] {
  const good = String(value);
  const [prefix = "", uuid = "", ...numbers] = good.split("_");
  const absent = [
    good.replace(uuid, "0".repeat(32)),
    good.replace(uuid, "f".repeat(32)),
    [prefix, uuid, ...numbers.map(() => 999_999)].join("_"),
  ];
  const misspelt = [
    good.toUpperCase(),
    ` ${good}`,
    `${good}\n`,
    `${good}_1`,
    good.replace(/_(\d+)$/, "_0$1"),
    `${prefix}_`,
    uuid,
  ];
  const huge = [...numbers.map(() => "2147483648"), ...numbers.map(() => "999999999999999"), "9".repeat(40)].map((number) =>
    good.replace(/_\d+$/, `_${number}`),
  );
  const others = /^Query\.nodes? /.test(name) ? [] : ids.filter((id) => !id.startsWith(`${prefix}_`));
  const all = [...absent, ...misspelt, ...huge, ...others, "nonsense", "__proto__", "' OR 1=1 --", "1", "-1"];
  return [...new Set(all)].filter((id) => id !== good).map((id) => JSON.stringify(id));
}

/** What must not be taken when it is written in the document itself. */
export function hostileLiteralsAt({ type, name }: Place): readonly string[] {
  const text = ['"\\u{0}"', '"a\\u0000"', `"""a\0b"""`, '"\\u{D800}"', '"\\uD800"', "{}"];
  if (type instanceof GraphQLEnumType) return ['"PLAN"', "NOPE", "__proto__", "null1", "1"];
  if (type instanceof GraphQLInputObjectType) return ['{ __proto__: "a" }', "{ nope: 1 }", '"text"'];
  switch (type.name) {
    case "Amount":
    case "Decimal":
      return ["1e3", "1.0", "-0", "NaN", "1234567890123456789", '"1e3"', '"\\u{0}"', '"١"'];
    case "JSONObject":
      return ['{ a: "\\u{0}" }', "{ a: 1e999 }", '"{}"', "[]", '{ a: { b: ["\\u0000"] } }'];
    case "Int":
      return ["1e9", "99999999999", '"1"', "1.0"];
    case "Boolean":
      return ["1", '"true"', "TRUE"];
    case "ID":
      return /\bapps?$/.test(name) ? text : ["1.5", '"\\uD800"'];
    default:
      return text;
  }
}

/** What is at the edge of what a place takes, by the type of the place. */
const EXTREMES: Readonly<Record<string, readonly string[]>> = {
  Amount: ['"9000000000000"', '"-9000000000000"', '"0.000001"', '"-0.000001"', "9000000000000", '"0"'],
  Decimal: ['"999999999999999.999999999999"', '"0.000000000001"', '"0"', "0"],
  String: [
    '""',
    '" "',
    '"\\u0001"',
    '"\\u2028"',
    '"𝄞"',
    '"\\\\u0000"',
    '"%_\\\\"',
    `"${"𝄞".repeat(255)}"`,
    `"${"x".repeat(255)}"`,
    '"toString"',
  ],
  ID: ['"𝄞"', "0", "9007199254740991"],
  JSONObject: [
    "{}",
    '{"__proto__":{"a":1}}',
    '{"":""}',
    '{"a":[[[[{}]]]]}',
    `{"a":"${"x".repeat(4_088)}"}`,
    '{"toJSON":1,"constructor":null}',
    '{"a":1e-7}',
  ],
  DateTime: [
    '"1970-01-01T00:00:00Z"',
    '"9999-12-31T23:59:59.999999Z"',
    '"8999-12-31T23:59:59.999999Z"',
    '"2028-02-29T23:59:59+23:59"',
  ],
  Duration: ['"PT0.001S"', '"PT0.0001S"', '"P100Y"', '"P1.1Y"', '"P1Y2M3W4DT5H6M7.891S"', '"PT876000H"'],
  CurrencyCode: ['"XXX"'],
  Int: ["0", "1", "100", "255", "1200", "2147483647", "-2147483648"],
  Boolean: ["true", "false", "null"],
};

/** What is well-formed at this place, and may be taken or refused. */
export function extremesAt({ type }: Place): readonly string[] {
  if (type instanceof GraphQLEnumType) return type.getValues().map(({ name }) => JSON.stringify(name));
  return EXTREMES[type.name] ?? [];
}
