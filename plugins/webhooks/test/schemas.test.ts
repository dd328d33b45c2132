import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { DeliverySample } from '@valehub/connector-kit/testing';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { publishedSchemas } from './published-schemas.ts';
import { event, order, samples } from './samples.ts';

const read = (name: string): object => JSON.parse(readFileSync(join(import.meta.dirname, '../schemas', name), 'utf8')) as object;
const validator = (name: string) => new Ajv2020({ allErrors: true, validateFormats: false }).compile(read(name));

test.each(Object.entries(publishedSchemas()))(
  'schemas/%s is what the connector parses by; else run scripts/emit-schemas.ts',
  (name, schema) => {
    expect(read(name)).toEqual(JSON.parse(JSON.stringify(schema)));
  },
);

describe('the published schema of incoming events', () => {
  const isValid = validator('incoming.json');

  test.each((samples.deliveries ?? []).map((sample): [string, DeliverySample['body']] => [sample.topic, sample.body]))(
    'takes a %s that the connector takes',
    (_topic, body) => {
      expect(isValid(body) || isValid.errors).toBe(true);
    },
  );

  test.each<[string, object]>([
    ['an order without its currency', event('order.paid', { ...order, currency: undefined } as never)],
    ['an order with a slip of the pen', event('order.paid', { ...order, disounts: [] })],
    ['a negative amount', event('order.paid', { ...order, total: { minor: -1, currency: 'EUR' } })],
    ['a deleted order that is a whole one', event('order.deleted', order)],
    ['a custom event without a name', event('custom.booked', {})],
    ['an unknown state', event('message.status', { message: 'k', state: 'SENT' })],
  ])('refuses %s', (_what, body) => {
    expect(isValid(JSON.parse(JSON.stringify(body)))).toBe(false);
  });
});

describe('the published schema of outgoing events', () => {
  const isValid = validator('outgoing.json');
  const timestamp = '2026-03-06T20:15:00.000Z';

  test.each<[string, object]>([
    ['voucher.redeemed', { id: 'e', type: 'VOUCHER_REDEEMED', at: timestamp, data: {} }],
    ['message.requested', { id: 'k', channel: 'SMS', to: '+34600000000', text: 'x' }],
    ['alert.raised', { severity: 'INFO', title: 'T', text: '' }],
    ['hub.ping', {}],
  ])('has %s, with room for what is new, and not without its time', (type, data) => {
    expect(isValid({ type, timestamp, data }) || isValid.errors).toBe(true);
    expect(isValid({ type, timestamp, data: { ...data, comesLater: true }, alsoLater: 1 })).toBe(true);
    expect(isValid({ type, data })).toBe(false);
  });
});
