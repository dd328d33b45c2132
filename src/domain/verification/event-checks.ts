import { agreeing, countOf, EVENTS, eventsOf, finding, type Pair } from './sql.ts';
import type { SqlCheck } from './verification.types.ts';

const advice =
  'The ledger is chained, the row is not: where the chain is whole, the event is right. Keep a copy, find out who changed the row, and put it back as the event says.';

/** The same members of a row and of the event about it. */
const alike = (row: string, names: readonly string[]): Pair[] =>
  names.map((name) => [name.replaceAll('_', ' '), `event.${name}`, `${row}.${name}`]);
const order = (row: string): Pair[] => [
  ['order', `concat(event.order_source, ' ', event.order_external_id)`, `concat(${row}.order_source, ' ', ${row}.order_external_id)`],
  [
    'order in its data',
    `concat(event.data -> 'order' ->> 'source', ' ', event.data -> 'order' ->> 'externalId')`,
    `concat(${row}.order_source, ' ', ${row}.order_external_id)`,
  ],
];

/** Everything that is decided is in the ledger once, and says there what the tables say. */
export const eventChecks: readonly SqlCheck[] = [
  {
    name: 'redemptions',
    kind: 'sql',
    promises: 'Every redemption is in the ledger, and says there the same amount, campaign, code, store, day and order.',
    advice,
    of: countOf('redemption'),
    sql: agreeing({
      table: 'redemption',
      id: 'coalesce(redemption.id, event.redemption_id)',
      position: 'event.position',
      from: `redemption full join ${eventsOf('VOUCHER_REDEEMED')} event on event.redemption_id = redemption.id`,
      expected: ['redemption.id', 'redemption'],
      found: ['event.type', 'VOUCHER_REDEEMED event'],
      pairs: [
        ...alike('redemption', ['amount', 'currency', 'campaign_id', 'code', 'store_id', 'business_day']),
        ...order('redemption'),
        ['at', 'event.at', 'redemption.redeemed_at'],
        ['id in its data', "event.data ->> 'redemptionId'", 'redemption.id'],
        ['kind', "event.data ->> 'kind'", 'redemption.kind'],
        ['tax class', "event.data ->> 'taxClass'", 'redemption.tax_class'],
        ['entry mode', "event.data ->> 'entryMode'", 'redemption.entry_mode'],
        ['customer', 'coalesce(redemption.customer_id, event.customer_id)', 'event.customer_id'],
      ],
    }),
  },
  {
    name: 'reversal-events',
    kind: 'sql',
    promises: 'Every reversal is in the ledger, and says there the same amount, redemption, store and day.',
    advice,
    of: countOf('reversal'),
    sql: agreeing({
      table: 'reversal',
      id: 'coalesce(reversal.id, event.reversal_id)',
      position: 'event.position',
      from: `(select reversal.*, redemption.code, redemption.campaign_id, redemption.order_source, redemption.order_external_id from reversal left join redemption on redemption.id = redemption_id) reversal
        full join ${eventsOf('REDEMPTION_REVERSED')} event on event.reversal_id = reversal.id`,
      expected: ['reversal.id', 'reversal'],
      found: ['event.type', 'REDEMPTION_REVERSED event'],
      pairs: [
        ...alike('reversal', ['amount', 'currency', 'campaign_id', 'code', 'store_id', 'business_day', 'redemption_id']),
        ...order('reversal'),
        ['at', 'event.at', 'reversal.at'],
        ['id in its data', "event.data ->> 'reversalId'", 'reversal.id'],
        ['redemption in its data', "event.data ->> 'redemptionId'", 'reversal.redemption_id'],
      ],
    }),
  },
  {
    name: 'undone',
    kind: 'sql',
    promises: 'A redemption is undone where the ledger tells of a reversal that left nothing, once.',
    advice,
    of: countOf('redemption where undone'),
    sql: `${finding({ table: 'redemption', id: 'redemption.id', expected: "coalesce(told.wholes, 0) || ' reversals that left nothing'", found: "case when undone then 'undone' else 'standing' end" })}
      from redemption left join (select redemption_id, count(*) filter (where (data ->> 'whole')::boolean) as wholes from ${eventsOf('REDEMPTION_REVERSED')} event group by redemption_id) told on told.redemption_id = redemption.id
      where coalesce(told.wholes, 0) <> undone::int`,
  },
  {
    name: 'rejections',
    kind: 'sql',
    promises: 'Every refused redeem and hold is in the ledger, with its reason.',
    advice,
    of: countOf("rejection where action in ('REDEEM', 'HOLD')"),
    sql: agreeing({
      table: 'rejection',
      id: "coalesce(rejection.id, event.data ->> 'rejectionId')",
      position: 'event.position',
      from: `(select * from rejection where action in ('REDEEM', 'HOLD') and reason <> 'IDEMPOTENCY_KEY_REUSED' and not (action = 'HOLD' and code is null)) rejection
        full join ${eventsOf('VOUCHER_REJECTED')} event on event.data ->> 'rejectionId' = rejection.id`,
      expected: ['rejection.id', 'rejection'],
      found: ['event.type', 'VOUCHER_REJECTED event'],
      pairs: [
        ...alike('rejection', ['campaign_id', 'code', 'store_id', 'customer_id', 'at']),
        ...order('rejection'),
        ['reason', "event.data ->> 'reason'", 'rejection.reason'],
        ['action', "event.data ->> 'action'", 'rejection.action'],
      ],
    }),
  },
  {
    name: 'orders-recorded',
    kind: 'sql',
    promises: 'Every order that was paid is in the ledger, and every order there is kept.',
    advice,
    of: countOf('orders'),
    sql: `${finding({ table: 'orders', id: "coalesce(orders.id, event.data ->> 'orderId')", position: 'event.position', expected: "case when orders.id is null then 'an order' else 'one ORDER_RECORDED event of ' || concat(source, ' ', external_id) end", found: "case when orders.id is null or event.type is null then 'none' else concat(order_source, ' ', order_external_id) end" })}
      from orders full join ${eventsOf('ORDER_RECORDED')} event on event.data ->> 'orderId' = orders.id
      where orders.id is null or (event.type is null and orders.state = 'PAID') or (event.type is not null and (source, external_id) is distinct from (order_source, order_external_id))`,
  },
  {
    name: 'refunds',
    kind: 'sql',
    promises: 'Every refund is in the ledger, and says there the same amount and order.',
    advice,
    of: countOf('refund'),
    sql: agreeing({
      table: 'refund',
      id: "coalesce(refund.id, event.data ->> 'refundId')",
      position: 'event.position',
      from: `refund full join (select * from ${eventsOf('REFUND_RECORDED')} event where data ? 'refundId') event on event.data ->> 'refundId' = refund.id`,
      expected: ['refund.id', 'refund'],
      found: ['event.type', 'REFUND_RECORDED event'],
      pairs: [
        ...alike('refund', ['amount', 'currency', 'store_id', 'business_day', 'at']),
        ['order', "event.data ->> 'orderId'", 'refund.order_id'],
        ['whole', "(event.data ->> 'whole')::boolean", 'refund.whole'],
        ['id at the platform', "event.data ->> 'refundExternalId'", 'refund.external_id'],
      ],
    }),
  },
  {
    name: 'payments-linked',
    kind: 'sql',
    promises: 'Every redemption that an order pays says which, as the ledger does.',
    advice,
    of: countOf('redemption where linked_order_id is not null'),
    sql: agreeing({
      table: 'redemption',
      id: 'coalesce(redemption.id, event.redemption_id)',
      position: 'event.position',
      from: `(select * from redemption where linked_order_id is not null) redemption full join ${eventsOf('PAYMENT_LINKED')} event on event.redemption_id = redemption.id`,
      expected: ['redemption.id', 'redemption that says so'],
      found: ['event.type', 'PAYMENT_LINKED event'],
      pairs: [
        ['order', "event.data ->> 'orderId'", 'redemption.linked_order_id'],
        ['code', 'event.code', 'redemption.code'],
      ],
    }),
  },
  {
    name: 'customers',
    kind: 'sql',
    promises: 'Every customer’s making is in the ledger.',
    advice,
    of: countOf('customer'),
    sql: agreeing({
      table: 'customer',
      id: 'coalesce(customer.id, event.customer_id)',
      position: 'event.position',
      from: `customer full join ${eventsOf('CUSTOMER_CREATED')} event on event.customer_id = customer.id`,
      expected: ['customer.id', 'customer'],
      found: ['event.type', 'CUSTOMER_CREATED event'],
      pairs: [['at', 'event.at', 'customer.created_at']],
    }),
  },
  {
    name: 'links',
    kind: 'sql',
    promises: 'Every event leads to a campaign, store, customer, redemption and voucher that there is, those that its data name.',
    advice: 'The links are not part of the hash, what the event says is: where its data name the thing, they are right.',
    of: countOf(`${EVENTS} event`),
    sql: `${finding({
      table: 'ledger_event',
      id: 'type',
      position: 'event.position',
      expected: "'links to what there is'",
      found: 'fault',
    })} from (select position, type, concat_ws(', ',
        case when event.campaign_id is not null and campaign.id is null then 'no campaign ' || event.campaign_id end,
        case when event.store_id is not null and store.id is null then 'no store ' || event.store_id end,
        case when event.customer_id is not null and customer.id is null then 'no customer ' || event.customer_id end,
        case when event.redemption_id is not null and event.redemption_id is distinct from data ->> 'redemptionId' then 'redemption ' || event.redemption_id || ' beside ' || coalesce(data ->> 'redemptionId', 'none') end,
        case when event.reversal_id is not null and event.reversal_id is distinct from data ->> 'reversalId' then 'reversal ' || event.reversal_id || ' beside ' || coalesce(data ->> 'reversalId', 'none') end,
        case when type in ('VOUCHER_HELD', 'VOUCHER_REJECTED', 'ORDER_RECORDED', 'REFUND_RECORDED', 'PAYMENT_LINKED') and (data -> 'order' ->> 'source', data -> 'order' ->> 'externalId') is distinct from (event.order_source, event.order_external_id)
          then 'order ' || concat(event.order_source, ' ', event.order_external_id) || ' beside ' || concat(data -> 'order' ->> 'source', ' ', data -> 'order' ->> 'externalId') end,
        case when type <> 'CUSTOM' and event.name is not null then 'a name' when type = 'CUSTOM' and event.name is null then 'no name' end,
        case when type in ('VOUCHER_BLOCKED', 'VOUCHER_CANCELLED', 'VOUCHER_EXPIRED', 'VOUCHER_ISSUED') and voucher.code is null then 'no voucher ' || coalesce(event.code, '') end) as fault
      from ${EVENTS} event left join campaign on campaign.id = event.campaign_id left join store on store.id = event.store_id left join customer on customer.id = event.customer_id
      left join voucher on voucher.code = event.code and type in ('VOUCHER_BLOCKED', 'VOUCHER_CANCELLED', 'VOUCHER_EXPIRED', 'VOUCHER_ISSUED')) event where fault <> ''`,
  },
];
