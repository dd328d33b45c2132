import { EXPRESSION_TYPES, type FieldType } from './expression-types.ts';

/** A value as the expression library takes it: integers as bigint, doubles as number, timestamps as Date. */
export type ExpressionValue =
  | null
  | boolean
  | string
  | bigint
  | number
  | Date
  | readonly ExpressionValue[]
  | { readonly [name: string]: ExpressionValue };

/** Brings a JSON value into the form of its type. What it does not have is null, never absent: `customer.name == null` can be asked of every customer. */
export function expressionValue(type: FieldType, value: unknown): ExpressionValue {
  if (value === null || value === undefined) return null;
  switch (type) {
    case 'string':
      return String(value);
    case 'bool':
      return value === true;
    case 'int':
      return BigInt(value as number);
    case 'double':
      return Number(value);
    case 'timestamp':
      return value instanceof Date ? value : new Date(String(value));
    case 'dyn':
      return jsonValue(value);
  }
  if (type.startsWith('list<')) return (value as readonly unknown[]).map((item) => expressionValue(type.slice(5, -1), item));
  const fields = EXPRESSION_TYPES[type];
  if (fields === undefined) throw new Error(`No expression type is named ${type}.`);
  const members = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(fields).map(([name, fieldType]) => [name, expressionValue(fieldType, members[name])]));
}

/** JSON of unknown form: whole numbers are int, others double. */
function jsonValue(value: unknown): ExpressionValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(jsonValue);
  return Object.fromEntries(Object.entries(value as object).map(([name, member]) => [name, jsonValue(member)]));
}

/** The way back, for what leaves the hub: int beyond the safe integers as text, timestamps as RFC 3339. */
export function plainValue(value: unknown): null | boolean | string | number | PlainList | PlainMembers {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plainValue);
  if (value instanceof Map) return Object.fromEntries([...value].map(([name, member]) => [String(name), plainValue(member)]));
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype)
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plainValue(member)]));
  // Durations, types and the like have no JSON form of their own.
  return String(value);
}
type PlainList = readonly ReturnType<typeof plainValue>[];
interface PlainMembers {
  readonly [name: string]: ReturnType<typeof plainValue>;
}
