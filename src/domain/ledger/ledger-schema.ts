import { REVERSAL_POLICIES, SALES_CHANNELS, TAX_CLASSES } from '../campaign/campaign.types.ts';
import { RELEASE_REASONS } from '../hold/hold.types.ts';
import { ENTRY_MODES } from '../redemption/redemption.entity.ts';
import type { LedgerEventType } from './ledger.types.ts';

type Schema = Readonly<Record<string, unknown>>;

const text = (description: string): Schema => ({ type: 'string', description });
const oneOf = (values: readonly string[], description: string): Schema => ({ enum: values, description });
const instant = (description: string): Schema => ({
  type: 'string',
  format: 'date-time',
  description: `${description} RFC 3339, UTC, milliseconds.`,
});
const orNull = (schema: Schema): Schema => ({ ...schema, type: [schema['type'], 'null'] });

const actorId = text('The API key, connection or workflow run that did it.');
const moved = { name: text('Its name.'), version: { type: 'integer', minimum: 1, description: 'Of the campaign from here on.' }, actorId };
const order: Schema = {
  type: 'object',
  description: 'The order’s identity outside.',
  properties: { source: text('Where it comes from: a caller’s word, or a connection’s id.'), externalId: text('Its id there.') },
  required: ['source', 'externalId'],
};

/** Members of `data`, all of them there in every event of the type. New members are optional for ever: older events have none. */
const MEMBERS: Readonly<
  Record<
    LedgerEventType,
    { readonly title: string; readonly members: Readonly<Record<string, Schema>>; readonly later?: Readonly<Record<string, Schema>> }
  >
> = {
  CODES_GENERATED: {
    title: 'A batch of codes was made.',
    members: {
      batchId: text('The batch.'),
      kind: oneOf(['RANDOM', 'SEQUENTIAL', 'SHARED'], 'How the codes are made.'),
      count: { type: 'integer', minimum: 1, description: 'How many.' },
      actorId,
    },
  },
  CAMPAIGN_ACTIVATED: {
    title: 'A campaign was activated.',
    members: {
      name: text('Its name.'),
      status: oneOf(['ACTIVE', 'SCHEDULED'], 'SCHEDULED where its first day lies ahead.'),
      version: { type: 'integer', minimum: 1, description: 'Of the terms that hold from here on.' },
      actorId,
    },
  },
  CAMPAIGN_UPDATED: {
    title: 'The terms of a campaign were changed.',
    members: {
      name: text('Its name after the change.'),
      version: { type: 'integer', minimum: 1, description: 'Of the terms that hold from here on.' },
      changes: { type: 'array', items: { type: 'string' }, description: 'Which of its members were changed.' },
      applyToIssued: { type: 'boolean', description: 'Vouchers issued before are held to the new terms too.' },
      actorId,
    },
  },
  CAMPAIGN_PAUSED: { title: 'A campaign was paused.', members: moved },
  CAMPAIGN_ENDED: { title: 'A campaign was ended by a person. One whose last day is over ends without an event.', members: moved },
  CAMPAIGN_ARCHIVED: { title: 'A campaign was put away.', members: moved },
  VOUCHER_ISSUED: {
    title: 'A voucher was given to a customer.',
    members: { validUntil: orNull(instant('When it expires; null = with its campaign.')), actorId },
    later: {
      validFrom: orNull(instant('From when on it is good; null = at once.')),
      orderId: text('The order that earned it.'),
      order,
      tillKey: text('The till, or else the key, under which limits per TILL counted it.'),
    },
  },
  VOUCHER_HELD: {
    title: 'A voucher was set aside for an order.',
    members: { holdId: text('The hold.'), expiresAt: instant('When it is free again by itself.'), order },
  },
  HOLD_RELEASED: {
    title: 'A voucher that was set aside is free again, unused.',
    members: {
      holdId: text('The hold.'),
      because: oneOf(
        ['EXPIRED', 'RELEASED', 'REPLACED', 'NOT_USED'],
        'Its time was over, somebody let go, another hold of the order took its place, or the order was redeemed without this voucher.',
      ),
    },
    later: { reason: oneOf(RELEASE_REASONS, 'Why somebody let go, where they said so.') },
  },
  VOUCHER_REDEEMED: {
    title: 'A voucher was redeemed; `amount` is what it gave.',
    members: {
      redemptionId: text('The redemption.'),
      kind: oneOf(['LINE_DISCOUNT', 'ORDER_DISCOUNT', 'TENDER'], 'A TENDER is a part payment, the others are discounts.'),
      taxClass: oneOf(TAX_CLASSES, 'How it is taxed.'),
      entryMode: oneOf(ENTRY_MODES, 'How the code came in.'),
      order,
    },
  },
  VOUCHER_REJECTED: {
    title: 'A redeem or hold was refused.',
    members: {
      rejectionId: text('The rejection, with its numbers.'),
      action: oneOf(['REDEEM', 'HOLD'], 'What was asked.'),
      reason: text('The first rule that failed, a ReasonCode.'),
      order,
    },
  },
  REDEMPTION_REVERSED: {
    title: 'A redemption was taken back, in part or whole; `amount` is what came back.',
    members: {
      reversalId: text('The reversal.'),
      redemptionId: text('The redemption.'),
      whole: { type: 'boolean', description: 'Nothing is left of it: the voucher may be used again.' },
      order,
    },
    later: { policy: oneOf(REVERSAL_POLICIES, 'By which the returned units were judged, where units were returned.') },
  },
  VOUCHER_EXPIRED: { title: 'An issued voucher’s time was over before it was used.', members: {} },
  VOUCHER_BLOCKED: { title: 'A voucher was blocked.', members: { reason: text('Why, in a person’s words.'), actorId } },
  VOUCHER_CANCELLED: {
    title: 'A voucher was cancelled for good.',
    members: { reason: text('Why, in a person’s words.'), actorId },
    later: { orderId: text('The order that had earned it and no longer does.'), order },
  },
  VOUCHER_KEPT: {
    title: 'An order was refunded, voided or changed and no longer earns this voucher, which was used already: somebody should look at it.',
    members: {
      reason: text('What became of the order.'),
      uses: { type: 'integer', minimum: 1, description: 'Redemptions of it that stand.' },
      actorId,
      orderId: text('The order.'),
      order,
    },
  },
  ORDER_RECORDED: {
    title: 'An order was taken in; `amount` is what was due on it then. A platform’s order is taken in once it is paid.',
    members: {
      orderId: text('The order.'),
      order,
      channel: oneOf(SALES_CHANNELS, 'Where it was sold.'),
      lines: { type: 'integer', minimum: 0, description: 'How many lines it has.' },
    },
  },
  PAYMENT_LINKED: {
    title: 'A platform told of an order on which a till had redeemed through the hub already.',
    members: { redemptionId: text('The till’s redemption.'), orderId: text('The platform’s order.'), order },
  },
  REFUND_RECORDED: {
    title: 'Money was given back for an order; `amount` is how much.',
    members: {
      orderId: text('The order.'),
      refundExternalId: orNull(text('The refund’s id at the platform; null where a till refunded through the hub.')),
      order,
    },
    later: {
      refundId: text('The refund.'),
      whole: { type: 'boolean', description: 'Nothing of the order is left.' },
      reason: orNull(text('Why, in a person’s words.')),
      actorId,
    },
  },
  CUSTOMER_CREATED: {
    title: 'A customer was made.',
    members: {
      knownBy: { type: 'array', items: { type: 'string' }, description: 'PHONE, EMAIL: by what the customer is known, without saying it.' },
      actorId: { ...orNull(actorId), description: 'Who did it; null where an order named somebody new.' },
    },
  },
  CUSTOM: { title: 'What recordEvent was given, as it was sent.', members: {} },
};

/**
 * JSON Schema (2020-12) of an event of the ledger and, under `$defs` by the name of its type, of its `data`.
 * Money is { currency, minor }, exact numbers are strings. Objects stay open: members are only ever added.
 */
/** What each event tells, in a sentence. */
export const ledgerTitle = (type: LedgerEventType): string => MEMBERS[type].title;

export function ledgerJsonSchema(): Schema {
  const types = Object.keys(MEMBERS) as LedgerEventType[];
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A line of the ledger',
    description: 'What `data` holds, by type. Members are only ever added; readers pass over those that they do not know.',
    type: 'object',
    properties: { type: { type: 'string' }, data: { type: 'object' } },
    required: ['type', 'data'],
    allOf: types.map((type) => ({
      if: { properties: { type: { const: type } } },
      then: { properties: { data: { $ref: `#/$defs/${type}` } } },
    })),
    $defs: Object.fromEntries(
      types.map((type) => {
        const { title, members, later } = MEMBERS[type];
        return [type, { title, type: 'object', properties: { ...members, ...later }, required: Object.keys(members) }];
      }),
    ),
  };
}
