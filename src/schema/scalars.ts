import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { parseDecimal } from '../domain/shared/decimal.ts';

interface ScalarRule<T> {
  readonly name: string;
  readonly description: string;
  readonly specifiedByURL?: string;
  /** Throws GraphQLError where the value is none. */
  parse(value: unknown): T;
  serialize?(value: unknown): T;
}

function scalar<T>({ name, description, specifiedByURL, parse, serialize }: ScalarRule<T>): GraphQLScalarType {
  return new GraphQLScalarType({
    name,
    description,
    specifiedByURL,
    serialize: serialize ?? parse,
    parseValue: parse,
    parseLiteral: (node) => parse(literalValue(node)),
  });
}

/** What a literal would be as JSON; a literal that is no plain value stays unlike all of them. */
function literalValue(node: ValueNode): unknown {
  if (node.kind === Kind.STRING || node.kind === Kind.BOOLEAN) return node.value;
  if (node.kind === Kind.INT || node.kind === Kind.FLOAT) return Number(node.value);
  return undefined;
}

const fault = (name: string, wanted: string, value: unknown): GraphQLError =>
  new GraphQLError(`${name} is ${wanted}, not ${shown(value)}.`);

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'such a literal';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** Epoch ms of an RFC 3339 text; null where it is none or names a day or time that does not exist. */
function parseInstant(text: string): number | null {
  const parts = RFC_3339.exec(text);
  if (!parts || parts[0].length > 40) return null;
  const [, year, month, day, hour, minute, second] = parts.map(Number);
  if (!isCalendarDay(Number(year), Number(month), Number(day)) || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)
    return null;
  const epochMs = Date.parse(text.toUpperCase());
  return epochMs >= EARLIEST && epochMs < LATEST ? epochMs : null;
}

/** A time of trade or life: what lies before or after it is a slip, and what databases and calendars make of it differs. */
const EARLIEST = Date.UTC(1900, 0, 1);
const LATEST = Date.UTC(9999, 11, 31);

function isCalendarDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  return year >= 1900 && date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** In: RFC 3339 with an offset, handed on as UTC text with milliseconds. Out: the same text, from a Date or a text that is one already. */
export const DateTime = scalar<string>({
  name: 'DateTime',
  description: 'An instant as RFC 3339 text with its offset ("2025-05-02T21:15:00+02:00"). Answers are in UTC with milliseconds and Z.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  parse(value) {
    const epochMs = typeof value === 'string' ? parseInstant(value) : null;
    if (epochMs === null)
      throw fault('DateTime', 'RFC 3339 text with an offset, as "2025-05-02T21:15:00+02:00", of the years 1900 to 9999', value);
    return new Date(epochMs).toISOString();
  },
  serialize: (value) => (value instanceof Date ? value.toISOString() : String(value)),
});

export const LocalDate = scalar<string>({
  name: 'LocalDate',
  description: 'A day of the calendar without a zone, "YYYY-MM-DD". Where it says so, a business day of a store.',
  parse(value) {
    const parts = typeof value === 'string' ? /^(\d{4})-(\d{2})-(\d{2})$/.exec(value) : null;
    if (!parts || !isCalendarDay(Number(parts[1]), Number(parts[2]), Number(parts[3])))
      throw fault('LocalDate', 'a day "YYYY-MM-DD" of the years 1900 to 9999', value);
    return parts[0];
  },
  serialize: String,
});

export const LocalTime = scalar<string>({
  name: 'LocalTime',
  description: 'A time of day on the clock of the place, 24 hours: "HH:MM".',
  parse(value) {
    if (typeof value !== 'string' || !/^(?:[01]\d|2[0-3]):[0-5]\d$/.test(value))
      throw fault('LocalTime', 'a time "HH:MM" from 00:00 to 23:59', value);
    return value;
  },
  serialize: String,
});

export const SafeInt = scalar<number>({
  name: 'SafeInt',
  description: 'A whole number up to 2^53 - 1, either sign. Amounts of money are in minor units (cents).',
  parse(value) {
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw fault('SafeInt', 'a whole number of at most 2^53 - 1', value);
    return value === 0 ? 0 : value;
  },
});

export const Currency = scalar<string>({
  name: 'Currency',
  description: 'A currency by its three capital letters (ISO 4217): "EUR".',
  specifiedByURL: 'https://www.iso.org/iso-4217-currency-codes.html',
  parse(value) {
    if (typeof value !== 'string' || !isCurrency(value))
      throw fault('Currency', 'the three capital letters of an ISO 4217 currency, as "EUR"', value);
    return value;
  },
  serialize: String,
});

const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));
const isCurrency = (text: string): boolean => currencies.has(text);

const LONGEST_DECIMAL = 40;

export const Decimal = scalar<string>({
  name: 'Decimal',
  description: 'An exact decimal as text: "1.250". A JSON number is refused, because it may have been rounded on its way.',
  parse(value) {
    if (typeof value !== 'string' || value.length > LONGEST_DECIMAL || parseDecimal(value) === null) {
      throw fault('Decimal', 'an exact decimal as text, as "1.250" (a text also for whole numbers)', value);
    }
    return value;
  },
  serialize: String,
});

/** Any JSON value. Literals in a query text are taken as the JSON they look like. */
export const JSONValue = new GraphQLScalarType({
  name: 'JSON',
  description: 'Any JSON value; its shape is told where it is used.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  serialize: (value) => value,
  parseValue: notTooDeep,
  parseLiteral: (node, variables) => notTooDeep(jsonLiteral(node, variables)),
});

const DEEPEST_JSON = 64;

function notTooDeep(value: unknown, depth = 1): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEEPEST_JSON) throw new GraphQLError(`JSON may be ${DEEPEST_JSON} levels deep.`);
  for (const member of Object.values(value)) notTooDeep(member, depth + 1);
  return value;
}

function jsonLiteral(node: ValueNode, variables?: Record<string, unknown> | null): unknown {
  switch (node.kind) {
    case Kind.NULL:
      return null;
    case Kind.LIST:
      return node.values.map((item) => jsonLiteral(item, variables));
    case Kind.OBJECT:
      return Object.fromEntries(node.fields.map((field) => [field.name.value, jsonLiteral(field.value, variables)]));
    case Kind.VARIABLE:
      return variables?.[node.name.value] ?? null;
    case Kind.ENUM:
      throw new GraphQLError(`JSON has no bare words: put ${node.value} in quotes.`);
    default:
      return literalValue(node);
  }
}
