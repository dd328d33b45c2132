import { BigIntType, types } from '@mikro-orm/core';

// Column types that entities share, so that money, decimals and instants have one form in the database.
// Functions, because the ORM's decorators write into the options they are given.

/** bigint read as a number: counts and minor units up to 2^53 - 1. */
export const bigInteger = new BigIntType('number');

/** timestamptz at the precision that the API shows. */
export const instant = () => ({ type: types.datetime, length: 3 });

export const textArray = () => ({ type: types.array, columnType: 'text[]' });

/** Percentages and quantities: exact, as text. */
export const decimalText = () => ({ type: types.decimal, columnType: 'numeric', runtimeType: 'string' as const });

/** JSON that is written much and only ever read whole: kept as the text it came in. */
export const jsonText = () => ({ type: types.json, columnType: 'json' });

export const json = () => ({ type: types.json, columnType: 'jsonb' });

export const text = () => ({ type: types.text });

/** A calendar day, YYYY-MM-DD. */
export const day = () => ({ type: types.date });
