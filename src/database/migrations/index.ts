import type { Constructor } from '@mikro-orm/core';
import type { Migration } from '@mikro-orm/migrations';
import { Migration0001Initial } from './0001-initial.ts';
import { Migration0002LedgerChain } from './0002-ledger-chain.ts';
import { Migration0003DecisionsInFull } from './0003-decisions-in-full.ts';
import { Migration0004Refunds } from './0004-refunds.ts';
import { Migration0005ReversalPolicies } from './0005-reversal-policies.ts';
import { Migration0006AuditByTime } from './0006-audit-by-time.ts';
import { Migration0007GiftCardExpiry } from './0007-gift-card-expiry.ts';
import { Migration0008KeptPlaces } from './0008-kept-places.ts';
import { Migration0010AppsAndGrants } from './0010-apps-and-grants.ts';
import { Migration0011Feeds } from './0011-feeds.ts';
import { Migration0013QuestionAnswers } from './0013-question-answers.ts';
import { Migration0014PlatformRecords } from './0014-platform-records.ts';
import { Migration0015Forwardings } from './0015-forwardings.ts';
import { Migration0016Publications } from './0016-publications.ts';
import { Migration0017Circuits } from './0017-circuits.ts';
import { Migration0018PlatformFigures } from './0018-platform-figures.ts';
import { Migration0019DeliveriesOfApps } from './0019-deliveries-of-apps.ts';
import { Migration0020RedeemsByActor } from './0020-redeems-by-actor.ts';
import { Migration0021CodesByChange } from './0021-codes-by-change.ts';

/** In the order in which they run. */
export const migrations: Constructor<Migration>[] = [
  Migration0001Initial,
  Migration0002LedgerChain,
  Migration0003DecisionsInFull,
  Migration0004Refunds,
  Migration0005ReversalPolicies,
  Migration0006AuditByTime,
  Migration0007GiftCardExpiry,
  Migration0008KeptPlaces,
  Migration0010AppsAndGrants,
  Migration0011Feeds,
  Migration0013QuestionAnswers,
  Migration0014PlatformRecords,
  Migration0015Forwardings,
  Migration0016Publications,
  Migration0017Circuits,
  Migration0018PlatformFigures,
  Migration0019DeliveriesOfApps,
  Migration0020RedeemsByActor,
  Migration0021CodesByChange,
];
