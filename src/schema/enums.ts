import { registerEnumType } from 'type-graphql';
import { ROLES } from '../domain/access/roles.ts';
import {
  CAMPAIGN_STATUSES,
  DISTRIBUTIONS,
  FUNDERS,
  LIMIT_COUNTS,
  LIMIT_PERIODS,
  LIMIT_PERS,
  REVERSAL_POLICIES,
  SALES_CHANNELS,
  TAX_CLASSES,
} from '../domain/campaign/campaign.types.ts';
import { PICKS } from '../domain/campaign/incentive.types.ts';
import { AUTHORIZATION_STATES, CONNECTION_STATUSES } from '../domain/connection/connection.types.ts';
import type { EffectKind as EffectKindWord } from '../domain/decision/decision.types.ts';
import { CHECK_RESULTS, DIFFERENCE_KINDS, PLACE_REASONS } from '../domain/explanation/explanation.types.ts';
import { BACKFILL_STATES } from '../domain/feed/feed.types.ts';
import { RELEASE_REASONS } from '../domain/hold/hold.types.ts';
import { LEDGER_EVENT_TYPES } from '../domain/ledger/ledger.types.ts';
import { ENTRY_MODES } from '../domain/redemption/redemption.entity.ts';
import type { HoldRecord } from '../domain/redemption/redemption.types.ts';
import { SEGMENT_KINDS } from '../domain/segment/segment.types.ts';
import { PUBLIC_REASONS, REASON_CODES, REASONS } from '../domain/shared/reasons.ts';
import { WEEKDAYS } from '../domain/shared/weekdays.ts';
import { VOUCHER_STATUSES } from '../domain/voucher/voucher.types.ts';
import { RUN_STATUSES, STEP_STATUSES, WORKFLOW_STATUSES } from '../domain/workflow/workflow.types.ts';
import { LEDGER_MEANINGS, ROLE_MEANINGS } from './enum-meanings.ts';

type Words<W extends string> = { readonly [K in W]: K };

/** A GraphQL enum out of the domain's list of words, so that there is one list. */
function enumOf<W extends string>(
  name: string,
  words: readonly W[],
  description: string,
  meanings: Partial<Record<W, string>> = {},
): Words<W> {
  const values = Object.fromEntries(words.map((word) => [word, word])) as Words<W>;
  const valuesConfig = Object.fromEntries(
    Object.entries<string | undefined>(meanings).map(([word, description]) => [word, { description }]),
  ) as Partial<Record<W, { description: string }>>;
  registerEnumType(values, { name, description, valuesConfig });
  return values;
}

export const SalesChannel = enumOf('SalesChannel', SALES_CHANNELS, 'How the order was sold.');
export const Weekday = enumOf('Weekday', WEEKDAYS, 'A day of the week, of a store’s business days.');
export const SegmentKind = enumOf('SegmentKind', SEGMENT_KINDS, 'What says who is in a segment.', {
  STATIC: 'Customers are listed one by one.',
  DYNAMIC: 'An expression holds for them.',
});
export const EntryMode = enumOf('EntryMode', ENTRY_MODES, 'How the code came in.', {
  SCANNED: 'By a scanner or camera.',
  KEYED: 'Typed by hand.',
  LINK: 'From a link that the customer followed.',
  API: 'By another system.',
});
export const EffectKind = enumOf(
  'EffectKind',
  ['LINE_DISCOUNT', 'ORDER_DISCOUNT', 'TENDER'] as const satisfies readonly EffectKindWord[],
  'What a voucher does to an order.',
  {
    LINE_DISCOUNT: 'Takes off from chosen lines.',
    ORDER_DISCOUNT: 'Takes off from the whole order, after the line discounts; the lines are locked then.',
    TENDER: 'Pays a part, as part payments and gift cards do: prices and tax stay as they are.',
  },
);
export const Funder = enumOf('Funder', FUNDERS, 'Who bears a part of what a campaign gives.', {
  HOUSE: 'The restaurants themselves.',
  PARTNER: 'A supplier or another firm.',
  PLATFORM: 'The platform on which it is sold.',
});
export const ReasonCode = enumOf(
  'ReasonCode',
  REASON_CODES,
  'Why something was refused, precisely. For staff; callers with a PUBLIC key hear the PublicReason only. New values may come.',
  reasonMeanings(),
);
export const PublicReason = enumOf('PublicReason', PUBLIC_REASONS, 'Why something was refused, in a class that tells a guesser nothing.', {
  NOT_USABLE: 'This code cannot be used. Unknown, mistyped, used, blocked and somebody else’s sound alike.',
  NOT_NOW: 'Not at this time; nearestBasket may say when.',
  NOT_HERE: 'Not in this store or channel; nearestBasket may say where.',
  NOT_THIS_BASKET: 'Not with this basket; nearestBasket may say what is missing.',
  SIGN_IN: 'The order has to name its customer.',
  TRY_LATER: 'Not at the moment; try again in a while.',
});
export const HoldStatus = enumOf(
  'HoldStatus',
  ['ACTIVE', 'RELEASED', 'REDEEMED', 'EXPIRED'] as const satisfies readonly HoldRecord['status'][],
  'Where a hold stands.',
  {
    ACTIVE: 'What it set aside is kept for its order.',
    RELEASED: 'Somebody let it go, or a newer hold of the same order replaced it.',
    REDEEMED: 'Its vouchers were used.',
    EXPIRED: 'Its time was over.',
  },
);
export const ReleaseReason = enumOf('ReleaseReason', RELEASE_REASONS, 'Why somebody let a hold go.', {
  PAYMENT_FAILED: 'The guest’s payment did not go through.',
  CANCELLED_BY_GUEST: 'The guest does not want the order.',
  CANCELLED_BY_STORE: 'The store does not take the order.',
  ORDER_CHANGED: 'The order goes on without the vouchers.',
  OTHER: 'Anything else.',
});
export const CampaignStatus = enumOf('CampaignStatus', CAMPAIGN_STATUSES, 'Where a campaign stands.', {
  DRAFT: 'Made, not activated yet: nothing is redeemed.',
  SCHEDULED: 'Activated; ACTIVE when its first day begins.',
  ACTIVE: 'Its vouchers are redeemed.',
  PAUSED: 'Nothing is redeemed until it is activated again.',
  ENDED: 'Over: by hand for good, or by its last day.',
  ARCHIVED: 'Over and put away.',
});
export const Distribution = enumOf('Distribution', DISTRIBUTIONS, 'Who gets the codes.', {
  OPEN: 'Whoever has a code may use it at once.',
  PARTNER: 'Good once its book or list was given to a partner. Comes later: refused until then.',
  CUSTOMER: 'Good once it was issued to a customer.',
});
export const TaxClass = enumOf('TaxClass', TAX_CLASSES, 'How the accounts see the voucher.', {
  DISCOUNT: 'Lowers the price and so the tax base.',
  SINGLE_PURPOSE: 'Tax is due when it is issued.',
  MULTI_PURPOSE: 'Tax is due when it is redeemed.',
  PAYMENT: 'A means of payment; the tax base stays.',
});
export const ReversalPolicy = enumOf(
  'ReversalPolicy',
  REVERSAL_POLICIES,
  'What happens to the discount that remains when some of the items come back.',
  {
    KEEP: 'The rest keeps its discount.',
    REPRICE:
      'The rest is reckoned anew, and what it would give less comes back. Where the rest no longer meets the order’s minimum or the items asked for, all comes back.',
    CLAW_BACK: 'As KEEP while the rest meets the order’s minimum and the items asked for; where it no longer does, all comes back.',
  },
);
export const Pick = enumOf('Pick', PICKS, 'Which units in scope are taken first; counts together with applicableQuantity.', {
  CHEAPEST: 'Those on which least is due.',
  DEAREST: 'Those on which most is due.',
  ALL: 'All of them; not together with applicableQuantity.',
});
export const LimitCounts = enumOf('LimitCounts', LIMIT_COUNTS, 'What a limit counts.', {
  REDEMPTIONS: 'How often; one that was reversed whole no longer counts.',
  DISCOUNT_AMOUNT: 'What was given, in minor units, less what came back.',
  ISSUED: 'Vouchers given to customers or earned by orders; what is taken back still counts.',
});
export const LimitPer = enumOf(
  'LimitPer',
  LIMIT_PERS,
  'Per what a limit counts. TILL without a tillId counts per API key; MAIN_CAMPAIGN counts all subs of the main campaign together.',
);
export const LimitPeriod = enumOf(
  'LimitPeriod',
  LIMIT_PERIODS,
  'In which time a limit counts, by the business days of the store; weeks are ISO weeks.',
);
export const VoucherStatus = enumOf('VoucherStatus', VOUCHER_STATUSES, 'Where a voucher stands.', {
  CREATED: 'Its code exists and nobody has touched it.',
  ISSUED: 'Somebody has it, or it has uses left.',
  HELD: 'An order has set it aside for a while.',
  PARTLY_REDEEMED: 'Some of its balance is used.',
  REDEEMED: 'Used up.',
  EXPIRED: 'Its time is over.',
  BLOCKED: 'Stopped by hand.',
  CANCELLED: 'Given up for good by hand.',
});
export const Role = enumOf('Role', ROLES, 'What a key is for, and so what it may do.', ROLE_MEANINGS);
export const LedgerEventType = enumOf(
  'LedgerEventType',
  LEDGER_EVENT_TYPES,
  'What an event of the ledger tells; its data is described at /schemas/ledger.json. New values may come.',
  LEDGER_MEANINGS,
);
export const ConnectionStatus = enumOf(
  'ConnectionStatus',
  CONNECTION_STATUSES,
  'The health of a connection. NEEDS_ATTENTION: a person has to look, see lastError; webhooks are taken meanwhile. DISCONNECTED: taken off for good, only its history is left.',
);
export const AuthorizationState = enumOf(
  'AuthorizationState',
  AUTHORIZATION_STATES,
  'Whether a person has to agree to a connection at its platform.',
  {
    NOT_NEEDED: 'Nobody has to: its credentials stand in its settings.',
    MISSING: 'Nobody has agreed yet: authorizeConnection gives the address.',
    GIVEN: 'Somebody has agreed.',
    ENDED: 'The platform no longer accepts it: somebody has to agree anew.',
  },
);
export const BackfillState = enumOf('BackfillState', BACKFILL_STATES, 'Where a back-fill stands. New values may come.', {
  RUNNING: 'It is read on, or waits for the platform, for the day’s own work, or for the end of a pause.',
  DONE: 'Everything was read.',
  FAILED: 'A part could not be read, lastError says why; the others were.',
  CANCELLED: 'Somebody ended it; what was read stays.',
});
export const WorkflowStatus = enumOf('WorkflowStatus', WORKFLOW_STATUSES, 'Whether a workflow starts runs: only an ACTIVE one does.');
export const WorkflowRunStatus = enumOf('WorkflowRunStatus', RUN_STATUSES, 'Where a run stands.');
export const WorkflowStepStatus = enumOf('WorkflowStepStatus', STEP_STATUSES, 'Where a step of a run stands.');
export const PlaceReason = enumOf('PlaceReason', PLACE_REASONS, 'What decided a voucher’s place in the order of application.', {
  ALONE: 'There was no other.',
  LEVEL: 'Discounts on lines come before discounts on the whole order, part payments come last.',
  PRIORITY: 'The priority of its campaign, higher first.',
  LARGER_DISCOUNT: 'What it would have given alone, more first.',
  CODE: 'Its code, by alphabet.',
});
export const CheckResult = enumOf('CheckResult', CHECK_RESULTS, 'What came of looking at a rule.', {
  MET: 'It was met.',
  NOT_ASKED: 'The campaign asks nothing of the kind.',
  NOT_MET: 'It was not met: only where a replay does not agree.',
});
export const DifferenceKind = enumOf('DifferenceKind', DIFFERENCE_KINDS, 'What of a replay is not as it was stored. New values may come.', {
  REFUSED: 'The replay refuses it.',
  KIND: 'It is of another kind.',
  STEP: 'It comes at another place.',
  AMOUNT: 'It gives another amount.',
  ALLOCATIONS: 'It falls on other units.',
  LIMITS: 'It takes from other limits.',
  SUMS: 'The sums of the order are others.',
  NOT_REPLAYED: 'Its rules or terms are not known here.',
});

function reasonMeanings(): Partial<Record<(typeof REASON_CODES)[number], string>> {
  return Object.fromEntries(REASON_CODES.map((code) => [code, REASONS[code].meaning]));
}
