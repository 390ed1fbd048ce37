import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from "graphql";
import { type Amount, formatAmount, parseAmount } from "../../core/amount";
import { formatDecimal, whyNoDecimal } from "../../core/decimal";
import { formatInstant, type Instant, isPeriod, type Period, parseInstant } from "../../core/time";
import type { ShownAmount } from "../../core/unit";

/** The scalars of the schema. What they refuse is the client's input: the message says what to write instead. */

/** Why a text is no value of a scalar, and what to write instead. */
class Unreadable {
  constructor(readonly reason: string) {}
}

/** A scalar whose values are written as strings. */
interface TextScalar<Value> {
  readonly name: string;
  readonly description: string;
  readonly specifiedByURL?: string;
  readonly read: (text: string) => Value | Unreadable;
  readonly write: (value: Value) => string;
  /** Whether whole numbers are accepted as input, too. */
  readonly wholeNumbers?: boolean;
}

function textScalar<Value>({ name, description, specifiedByURL, read, write, wholeNumbers = false }: TextScalar<Value>) {
  const wrongKind = new Unreadable(`write it as ${wholeNumbers ? "a string, or a whole number" : "a string"}`);
  function accept(value: Value | Unreadable, node?: ValueNode): Value {
    if (!(value instanceof Unreadable)) return value;
    throw new GraphQLError(`This is no ${name}: ${value.reason}.`, node === undefined ? {} : { nodes: node });
  }
  return new GraphQLScalarType<Value, string>({
    name,
    description,
    ...(specifiedByURL === undefined ? {} : { specifiedByURL }),
    serialize: (value) => write(value as Value),
    parseValue: (value) => {
      const text = wholeNumbers && isExactWhole(value) ? String(value) : value;
      return accept(typeof text === "string" ? read(text) : wrongKind);
    },
    parseLiteral: (node) => {
      const isText = node.kind === Kind.STRING || (wholeNumbers && node.kind === Kind.INT);
      return accept(isText ? read(node.value) : wrongKind, node);
    },
  });
}

/** A JSON number that is whole and was read exactly. -0 is a float's zero. */
function isExactWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}

export const AmountScalar = textScalar<Amount | ShownAmount>({
  name: "Amount",
  description:
    'Credits, exactly: a decimal string such as `"12.5"`, with up to 6 decimals, between -9000000000000 and 9000000000000. ' +
    "As input a whole number is accepted, too; a float is not. Of a credit type that was redenominated, answers may have more digits " +
    "either side of the point, and input must be a multiple of its `unit.step`.",
  wholeNumbers: true,
  read: (text) => {
    const parsed = parseAmount(text);
    return parsed.ok ? parsed.amount : new Unreadable(parsed.reason);
  },
  write: (amount) => (typeof amount === "string" ? amount : formatAmount(amount)),
});

export const DecimalScalar = textScalar<string>({
  name: "Decimal",
  description:
    'An exact decimal number, as a string such as `"0.0125"`: up to 15 digits before the point, and 12 after it. ' +
    "As input a whole number is accepted, too; a float is not. What is reckoned from several may have more of them.",
  wholeNumbers: true,
  read: (text) => formatDecimal(text) ?? new Unreadable(whyNoDecimal(text)),
  write: (decimal) => decimal,
});

export const DateTimeScalar = textScalar<Instant>({
  name: "DateTime",
  description:
    "An instant in ISO 8601, with up to microseconds, such as `2026-11-21T10:00:00.000Z`. Answers are in UTC, with `Z`; " +
    "input may have another offset. From 1970 to 9999; what is given must lie before the year 9000.",
  specifiedByURL: "https://scalars.graphql.org/andimarek/date-time.html",
  read: (text) =>
    parseInstant(text) ?? new Unreadable("write it in ISO 8601 with an offset, such as 2026-11-21T10:00:00Z; from 1970 to 9999"),
  write: formatInstant,
});

export const DurationScalar = textScalar<Period>({
  name: "Duration",
  description: "A length of calendar time in ISO 8601, such as `P1M`, `P7D` or `PT15M`: more than nothing, at most 100 years.",
  specifiedByURL: "https://en.wikipedia.org/wiki/ISO_8601#Durations",
  read: (text) =>
    isPeriod(text) ? text : new Unreadable("write it in ISO 8601, such as P7D or PT15M; it moves forward, by at most 100 years"),
  write: (period) => period,
});

/** Those in use, and those that were: what was paid once in marks stays so. */
const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf("currency"));

export const CurrencyCodeScalar = textScalar<string>({
  name: "CurrencyCode",
  description: "A currency by its ISO 4217 code: three capital letters, such as `EUR`.",
  specifiedByURL: "https://www.iso.org/iso-4217-currency-codes.html",
  read: (text) => {
    if (!/^[A-Z]{3}$/.test(text)) return new Unreadable("write three capital letters, such as EUR");
    return CURRENCIES.has(text) ? text : new Unreadable(`there is no currency ${text}; write its ISO 4217 code, such as EUR`);
  },
  write: (code) => code,
});

export { JsonObjectScalar } from "./json-object";
