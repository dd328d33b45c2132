import { createHash } from 'node:crypto';
import { expect } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { ledgerJsonSchema } from '../../../src/domain/ledger/ledger-schema.ts';
import type { Event, Rows } from './rows.ts';

export const readBook = (rows: Rows): Promise<Event[]> =>
  rows<Event>(
    `select position, hash, previous_hash as "previousHash", type, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, business_day as "businessDay", store_id as "storeId",
       campaign_id as "campaignId", code, amount, currency, data, redemption_id as "redemptionId", reversal_id as "reversalId" from ledger_event order by position`,
  );

/** RFC 8785, written anew: members by UTF-16 code units, numbers and strings as ECMAScript writes them. */
function jcs(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jcs).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${jcs(member)}`).join(',')}}`;
}

export function checkChain(events: readonly Event[], head: { position: number; hash: string } | undefined): void {
  let previous = '0'.repeat(64);
  events.forEach((event, at) => {
    const { type, businessDay, storeId, campaignId, code, data } = event;
    if (event.position !== at + 1) throw new Error(`Position ${at + 1} of the book is ${event.position}.`);
    if (event.previousHash !== previous) throw new Error(`Position ${event.position} does not hang on the one before.`);
    if (event.amount !== null && !(event.amount >= 0)) throw new Error(`Position ${event.position} has the amount ${event.amount}.`);
    const amount = event.amount === null ? null : { currency: event.currency, minor: event.amount };
    const hashed = jcs({ position: event.position, type, at: event.at, businessDay, storeId, campaignId, code, amount, data });
    previous = createHash('sha256').update(`${previous}\n${hashed}`).digest('hex');
    if (event.hash !== previous) throw new Error(`Position ${event.position} has the hash ${event.hash} instead of ${previous}.`);
  });
  expect(head).toEqual({ position: events.length, hash: previous });
}

/** Every event's data follows the published schema, and holds no member that the schema does not tell of. */
export function checkData(events: readonly Event[]): void {
  const schema = ledgerJsonSchema() as { $defs: Record<string, { properties: Record<string, unknown> }> };
  const validate = new Ajv2020({
    allErrors: true,
    strict: true,
    strictTypes: false,
    formats: { 'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/ },
  }).compile(schema);
  for (const { position, type, data } of events) {
    if (!validate({ type, data }))
      throw new Error(`Position ${position}, ${type}: ${JSON.stringify(validate.errors)} in ${JSON.stringify(data)}`);
    const told = schema.$defs[type]?.properties;
    if (!told) throw new Error(`The schema knows no ${type}.`);
    const untold = type === 'CUSTOM' ? [] : Object.keys(data).filter((member) => !Object.hasOwn(told, member));
    if (untold.length > 0) throw new Error(`Position ${position}, ${type}: the schema does not tell of ${untold.join(', ')}.`);
  }
}
