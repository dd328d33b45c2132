import type { Role } from '../../src/domain/access/roles.ts';

/** Fields that are seen by every role that comes upon the type, and those that are hidden, with the roles they are hidden from. */
interface Decision {
  readonly seen: string;
  readonly hidden?: readonly (readonly [fields: string, from: readonly Role[]])[];
}

const NOT_THE_TERMS: readonly Role[] = ['PUBLIC', 'TILL', 'PARTNER'];
const page = (edge: 'edges pageInfo' | 'cursor node'): Decision => ({ seen: edge });

/**
 * Who sees what, field by field. A field of the schema that is not here fails the test: whoever adds one decides here who may see it.
 * Hidden means null, an empty list or an empty connection.
 */
export const VISIBILITY: Readonly<Record<string, Decision>> = {
  PageInfo: { seen: 'hasNextPage hasPreviousPage startCursor endCursor' },
  Money: { seen: 'minor currency' },

  ApiKey: { seen: 'id name role storeIds connectionId partnerId createdAt lastUsedAt revokedAt previousSecretUntil' },
  CreatedApiKey: { seen: 'apiKey secret' },
  AuditLine: { seen: 'id at actorId operation subjectId before after actorName', hidden: [['actor', ['ACCOUNTING']]] },

  Campaign: {
    seen: 'id name status',
    hidden: [
      [
        'version currency startsOn endsOn incentive conditions limits stacking distribution taxClass reversalPolicy issuance funding metadata versions limitUses parent stores budget counts',
        NOT_THE_TERMS,
      ],
    ],
  },
  Incentive: { seen: 'percentOff amountOff specialPrice freeItem buyXGetY freeDelivery tender giftBalance' },
  PercentOff: { seen: 'percent maximum scope' },
  Scope: { seen: 'include exclude excludeDiscounted triggerQuantity applicableQuantity pick' },
  ItemSelector: { seen: 'skus groups brands' },
  AmountOff: { seen: 'amount scope' },
  SpecialPrice: { seen: 'price scope' },
  FreeItem: { seen: 'quantity scope' },
  BuyXGetY: { seen: 'buyQuantity buy getQuantity get percentOff maximumTimes excludeDiscounted' },
  ItemChoice: { seen: 'include exclude' },
  FreeDelivery: { seen: 'maximum items' },
  Tender: { seen: 'value' },
  GiftBalance: { seen: 'value' },
  Conditions: {
    seen: 'minimumOrder maximumOrder customerRequired segmentIds excludedGroups channels paymentMethods windows blackoutDays birthdayWindow anniversaryWindow firstOrderOnly expression',
  },
  Window: { seen: 'weekdays from to' },
  DayWindow: { seen: 'daysBefore daysAfter' },
  Limit: { seen: 'counts per period max' },
  Stacking: { seen: 'priority group exclusive' },
  Issuance: { seen: 'conditions scope count everyAmount maximumPerOrder validAfter validFor' },
  FundingShare: { seen: 'by name percent' },
  CampaignVersion: { seen: 'version at actorId changes content' },
  CampaignTerms: {
    seen: 'name status storeIds currency startsOn endsOn incentive conditions limits budget stacking distribution taxClass reversalPolicy issuance funding metadata',
  },
  LimitUse: { seen: 'counts per period max used held heldUntil resetsAt' },
  Budget: { seen: 'total used held left' },
  CampaignCounts: { seen: 'codes issued redeemed reversed rejected' },
  CodeBatch: { seen: 'id count first last guessOdds csvUrl sample' },

  Store: { seen: 'id name timeZone businessDayStart currency groups language defaultTaxRate taxRates maxVouchersPerOrder' },
  GroupTaxRate: { seen: 'group rate' },

  Connector: { seen: 'id title version roles settingsSchema appSchema capabilities redirectUri' },
  App: {
    seen: 'id name lastError connector',
    hidden: [
      ['webhookUrl', ['MARKETING', 'ACCOUNTING']],
      ['unclaimed', ['MARKETING', 'ACCOUNTING', 'CONNECTOR']],
    ],
  },
  UnclaimedAccount: { seen: 'account events lastAt' },
  ConnectedPlatform: {
    seen: 'id name status lastError connector app authorization capabilities health feeds',
    hidden: [
      ['webhookUrl account accountName', ['MARKETING', 'ACCOUNTING']],
      ['accounts manualSubscription', ['MARKETING', 'ACCOUNTING', 'CONNECTOR']],
    ],
  },
  PlatformAccount: { seen: 'account name' },
  PlatformLocation: { seen: 'externalId name currency timeZone store' },
  SettingChoice: { seen: 'value label' },
  Authorization: { seen: 'url expiresAt' },

  Feed: { seen: 'name location readUpTo lastReadAt lastError' },
  Backfill: { seen: 'id connectionId state feeds from to windowsTotal windowsDone factsTaken lastError createdAt endedAt' },

  Customer: { seen: 'id name phone email groups wallet', hidden: [['birthday anniversary', ['TILL']]] },
  Segment: { seen: 'id name kind', hidden: [['expression version size members', ['TILL']]] },

  Voucher: {
    seen: 'id code status validFrom validUntil balance campaign',
    hidden: [
      ['customer redemptions sourceOrder', ['PUBLIC', 'PARTNER']],
      ['balanceHeld serial value', ['PUBLIC']],
    ],
  },
  Redemption: {
    seen: 'id code kind taxClass amount reversed businessDay redeemedAt orderSource orderExternalId step voucher store allocations reversals',
    hidden: [['funding', ['TILL']]],
  },
  Allocation: { seen: 'lineId unit taxRate amount' },
  FundedAmount: { seen: 'by name percent amount' },
  Reversal: {
    seen: 'id at businessDay reason amount allocations policy movedFrom movedTo order redemption store voucher',
    hidden: [['funding', ['TILL']]],
  },
  Order: {
    seen: 'id externalId source businessDay priced platform store refunded refunds',
    hidden: [['customer redemptions issued', ['CONNECTOR']]],
  },
  PlatformFigures: { seen: 'total tip charges businessDay closedAt tillId staffId' },
  PlatformCharge: { seen: 'name amount' },
  PricedOrder: { seen: 'subtotal lineDiscounts voucherDiscounts tendered tax due lines' },
  TaxAmount: { seen: 'rate base tax' },
  PricedLine: { seen: 'lineId gross discount due locked' },
  Refund: { seen: 'id externalId at businessDay amount lines whole reason' },
  RefundLine: { seen: 'lineId quantity' },
  RefundedOrder: { seen: 'order refund reversals takenBack keptBecauseUsed replayed' },
  Hold: { seen: 'id codes vouchers status createdAt expiresAt orderSource orderExternalId businessDay order store' },
  HeldVoucher: { seen: 'code amount voucher' },
  Held: { seen: 'hold replayed' },
  Redeemed: { seen: 'redemptions order replayed' },
  Reversed: { seen: 'reversals replayed' },
  Issued: { seen: 'voucher replayed' },
  Refused: { seen: 'rejections replayed' },
  Validation: { seen: 'outcomes order' },
  Applicable: { seen: 'kind taxClass amount allocations voucher' },
  Rejection: {
    seen: 'id at code publicReason message retryable nearestBasket orderSource orderExternalId',
    hidden: [['reason failures store campaign', ['PUBLIC']]],
  },
  RuleFailure: { seen: 'reason message limit' },
  NearestBasket: { seen: 'message addAmount addQuantity eligibleSkus validFrom validUntil storeIds' },

  Explanation: {
    seen: 'ruleVersion decidedAt placedAt businessDay store orderSource orderExternalId holdId agrees differences complete before after vouchers message',
  },
  StoreThen: { seen: 'storeId version name timeZone businessDayStart currency defaultTaxRate taxRates maxVouchersPerOrder' },
  ReplayDifference: { seen: 'kind code stored replayed message' },
  ExplainedVoucher: {
    seen: 'step code kind campaignId campaignVersion campaignName amount reckoned place checks reckoning shares before after redemption promisedVersion',
    hidden: [['limits', ['TILL']]],
  },
  ApplicationPlace: { seen: 'because beside priority alone message' },
  RuleCheck: { seen: 'reason result message' },
  Reckoning: { seen: 'base units unrounded amount message', hidden: [['incentive', ['TILL']]] },
  ExplainedShare: { seen: 'lineId unit taxRate before amount after' },
  ExplainedLimit: { seen: 'counts per period max taken used held message' },

  LedgerPage: { seen: 'events endCursor hasMore' },
  LedgerEvent: {
    seen: 'cursor position hash previousHash type name at businessDay campaignId code amount data redemptionId reversalId voucherId orderSource orderExternalId store',
    hidden: [['customerId', ['CONNECTOR']]],
  },

  WebhookDelivery: { seen: 'id receivedAt method headers query body notices' },
  WebhookNotice: { seen: 'id topic account location state reason attempts nextAt lastError settledAt' },
  OutboxJob: { seen: 'id verb key status attempts inDoubt failure createdAt nextAt settledAt' },
  ConnectionHealth: { seen: 'noticesWaiting noticesParked jobsWaiting jobsParked waitingSince circuitOpenUntil' },
  AppliedVoucher: { seen: 'id orderExternalId code amount status externalId lastError' },
  PublicationPlan: { seen: 'possible losses codes' },
  Loss: { seen: 'about effect message' },
  Publication: { seen: 'id status campaignVersion losses codesTotal codesAdded codesRefused used lastError campaign connection' },
  MappedProduct: { seen: 'externalId sku group brand' },
  Forwarding: { seen: 'id verb events filter settings behind paused connection' },

  Workflow: { seen: 'id name version status trigger filter steps', hidden: [['runs', ['TILL']]] },
  WorkflowRun: { seen: 'id version status startedAt steps workflow' },
  WorkflowStepState: { seen: 'stepId kind status detail at' },

  ...Object.fromEntries(
    [
      'AuditLine',
      'CampaignVersion',
      'Campaign',
      'Voucher',
      'Redemption',
      'Hold',
      'Rejection',
      'Customer',
      'Segment',
      'Workflow',
      'WorkflowRun',
      'WebhookDelivery',
      'OutboxJob',
    ].flatMap((name) => [
      [`${name}Connection`, page('edges pageInfo')],
      [`${name}Edge`, page('cursor node')],
    ]),
  ),
};

/** Roles from which a field is hidden. */
export function hiddenFrom(type: string, field: string): readonly Role[] {
  for (const [fields, from] of VISIBILITY[type]?.hidden ?? []) if (fields.split(' ').includes(field)) return from;
  return [];
}

export function decidedFields(type: string): readonly string[] {
  const { seen, hidden = [] } = VISIBILITY[type] ?? { seen: '' };
  return [seen, ...hidden.map(([fields]) => fields)].flatMap((fields) => fields.split(' ')).filter(Boolean);
}
