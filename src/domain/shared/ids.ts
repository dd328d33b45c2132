import { randomUUID } from 'node:crypto';

/** The first part of an id tells what it names; so ids are unique over all types. */
const ID_PREFIXES = {
  store: 'sto',
  customer: 'cus',
  campaign: 'cmp',
  segment: 'seg',
  refund: 'rfd',
  codeBatch: 'bat',
  hold: 'hld',
  checkout: 'chk',
  redemption: 'rdm',
  reversal: 'rev',
  rejection: 'rej',
  order: 'ord',
  apiKey: 'key',
  app: 'app',
  connection: 'con',
  grant: 'grt',
  backfill: 'bfl',
  forwarding: 'fwd',
  publication: 'pub',
  workflow: 'wfl',
  workflowRun: 'run',
  webhookDelivery: 'whd',
  notice: 'ntc',
  job: 'job',
} as const;

export type IdKind = keyof typeof ID_PREFIXES;

/** `rdm_` + 48 bits of time + 80 random bits, in hex: rows written together lie together in the index. */
export function newId(kind: IdKind, nowMs: number): string {
  const random = randomUUID().replaceAll('-', '').slice(12);
  return `${ID_PREFIXES[kind]}_${nowMs.toString(16).padStart(12, '0')}${random}`;
}
