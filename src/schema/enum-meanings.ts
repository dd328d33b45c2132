import type { Role } from '../domain/access/roles.ts';
import { LEDGER_EVENT_TYPES } from '../domain/ledger/ledger.types.ts';
import { ledgerTitle } from '../domain/ledger/ledger-schema.ts';

/** What a key of each role is for; the operations name the roles that may ask them. */
export const ROLE_MEANINGS: Readonly<Record<Role, string>> = {
  ADMIN: 'Everything, in all stores.',
  MARKETING: 'Campaigns, codes, segments, customers and workflows; redeems nothing.',
  TILL: 'Redeems, holds, reverses, records, refunds and issues in its own stores.',
  ACCOUNTING: 'Reads all books and the audit trail; changes nothing.',
  PARTNER: 'Comes later: the campaigns and books of its partner.',
  CONNECTOR: 'Records the orders of its own connection.',
  PUBLIC: 'Whoever has the app: asks whether codes are usable, and hears classes instead of reasons.',
};

export const LEDGER_MEANINGS = Object.fromEntries(LEDGER_EVENT_TYPES.map((type) => [type, ledgerTitle(type)]));
