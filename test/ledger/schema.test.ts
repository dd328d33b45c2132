import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { LEDGER_EVENT_TYPES } from '../../src/domain/ledger/ledger.types.ts';
import { ledgerJsonSchema } from '../../src/domain/ledger/ledger-schema.ts';

const schema = ledgerJsonSchema() as { $defs: Record<string, { required: string[] }> };
const validate = new Ajv2020({ formats: { 'date-time': true }, strictTypes: false }).compile(schema);

test('the published schema tells of every type of event, and is JSON', () => {
  expect(Object.keys(schema.$defs)).toEqual([...LEDGER_EVENT_TYPES]);
  expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
});

test('an event whose data lacks a member, or has it in another form, does not follow it', () => {
  const order = { source: 'api', externalId: '1' };
  const data = { redemptionId: 'rdm_1', kind: 'TENDER', taxClass: 'PAYMENT', entryMode: 'API', order };
  expect(validate({ type: 'VOUCHER_REDEEMED', data })).toBe(true);
  const { order: _, ...without } = data;
  for (const other of [without, { ...data, kind: 'GIFT' }, { ...data, order: { source: 'api' } }, null])
    expect(validate({ type: 'VOUCHER_REDEEMED', data: other })).toBe(false);
});

test('members that a later version adds are no fault, and whatever recordEvent was given is none', () => {
  expect(validate({ type: 'VOUCHER_EXPIRED', data: { later: 1 } })).toBe(true);
  expect(validate({ type: 'CUSTOM', data: { anything: [1, { at: null }] } })).toBe(true);
  expect(validate({ type: 'OF_A_LATER_VERSION', data: {} })).toBe(true);
});
