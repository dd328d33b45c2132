import {
  buyXGetY,
  campaign,
  countersOf,
  found,
  freeDelivery,
  freeItem,
  giftBalance,
  input,
  limit,
  line,
  NOW,
  scope,
  specialPrice,
  tender,
} from './builders.ts';
import type { Refusal } from './refusal-cases.ts';

const menu = [line('menu', 1180)];
const TAPAS = ['croquetas', 'tortilla'];
const card = campaign(giftBalance(2000));

/** What the kinds of incentives beyond percentages and amounts refuse by rules of their own. */
export const INCENTIVE_REFUSALS: readonly Refusal[] = [
  {
    reason: 'BALANCE_EMPTY',
    given: input(menu, [found('C', card, { status: 'REDEEMED', uses: 3, maxUses: null })], {
      counter: countersOf({ 'balance:vou_C': { used: 2000 } }),
    }),
    es: 'La tarjeta regalo ya no tiene saldo.',
    en: 'Nothing is left on the gift card.',
  },
  {
    reason: 'HELD_ELSEWHERE',
    when: 'all that is left on a gift card is held',
    given: input(menu, [found('C', card, { status: 'PARTLY_REDEEMED', uses: 1, maxUses: null })], {
      counter: countersOf({ 'balance:vou_C': { used: 1500, held: 500, heldUntil: NOW + 600_000 } }),
    }),
    es: 'El vale está reservado por otro pedido hasta las 20:10.',
    en: 'Another order holds the voucher until 20:10.',
    nearest: { validFrom: '2026-05-03T18:10:00.000Z' },
  },
  {
    reason: 'HELD_ELSEWHERE',
    when: 'a gift card that is good for one payment is held, said once',
    given: input(
      menu,
      [
        found('C', campaign(giftBalance(2000), { limits: [limit('VOUCHER', 1)] }), {
          maxUses: 1,
          holds: [{ id: 'hld_1', expiresAt: NOW + 600_000 }],
        }),
      ],
      { counter: countersOf({ 'balance:vou_C': { held: 2000, heldUntil: NOW + 600_000 } }) },
    ),
    es: 'El vale está reservado por otro pedido hasta las 20:10.',
    en: 'Another order holds the voucher until 20:10.',
    nearest: { validFrom: '2026-05-03T18:10:00.000Z' },
  },
  {
    reason: 'NO_EFFECT',
    when: 'a gift card after the bill is paid',
    given: input(menu, [found('A', campaign(tender(1500), { id: 'cmp_2' })), found('C', card)]),
    es: 'El vale no descontaría nada: no queda importe al que aplicarlo.',
    en: 'The voucher would give nothing: there is nothing left to take it off.',
  },
  {
    reason: 'NO_EFFECT',
    when: 'nothing costs more than the special price',
    given: input(menu, [found('C', campaign(specialPrice(1200, scope())))]),
    es: 'El vale no descontaría nada: no queda importe al que aplicarlo.',
    en: 'The voucher would give nothing: there is nothing left to take it off.',
  },
  {
    reason: 'NO_ELIGIBLE_ITEM',
    when: 'nothing of what is free',
    given: input(menu, [found('C', campaign(freeItem(scope({ include: { skus: ['coffee'] } }))))]),
    es: 'Ningún artículo del pedido entra en la promoción.',
    en: 'The order has no item that the voucher is for.',
    nearest: { addQuantity: '1', eligibleSkus: ['coffee'] },
  },
  {
    reason: 'NO_ELIGIBLE_ITEM',
    when: 'no delivery line',
    given: input(menu, [found('C', campaign(freeDelivery()))]),
    es: 'Ningún artículo del pedido entra en la promoción.',
    en: 'The order has no item that the voucher is for.',
    nearest: { addQuantity: '1' },
  },
  {
    reason: 'NO_ELIGIBLE_ITEM',
    when: 'none of what has to be bought',
    given: input(menu, [found('C', campaign(buyXGetY(2, 1, TAPAS)))]),
    es: 'Ningún artículo del pedido entra en la promoción.',
    en: 'The order has no item that the voucher is for.',
    nearest: { addQuantity: '3', eligibleSkus: TAPAS },
  },
  {
    reason: 'TRIGGER_QUANTITY_NOT_MET',
    when: 'two of three for two',
    given: input([line('croquetas', 800), line('tortilla', 600)], [found('C', campaign(buyXGetY(2, 1, TAPAS)))]),
    es: 'Hacen falta 3 artículos de la promoción y en el pedido hay 2.',
    en: '3 eligible items are needed; the order has 2.',
    nearest: { addQuantity: '1', eligibleSkus: TAPAS },
  },
  {
    reason: 'TRIGGER_QUANTITY_NOT_MET',
    when: 'too few are bought, whatever there is to get',
    given: input(
      [line('menu', 1180), line('coffee', 150)],
      [found('C', campaign(buyXGetY(2, 1, ['menu'], { get: { include: { skus: ['coffee'] } } })))],
    ),
    es: 'Hacen falta 2 artículos de la promoción y en el pedido hay 1.',
    en: '2 eligible items are needed; the order has 1.',
    nearest: { addQuantity: '1', eligibleSkus: ['menu'] },
  },
  {
    reason: 'NO_ELIGIBLE_ITEM',
    when: 'enough is bought, and nothing to get is there',
    given: input(menu, [found('C', campaign(buyXGetY(1, 1, ['menu'], { get: { include: { skus: ['coffee'] } } })))]),
    es: 'Ningún artículo del pedido entra en la promoción.',
    en: 'The order has no item that the voucher is for.',
    nearest: { addQuantity: '1', eligibleSkus: ['coffee'] },
  },
  {
    reason: 'TRIGGER_QUANTITY_NOT_MET',
    when: 'what could be got has to be bought',
    given: input(
      [line('croquetas', 800), line('tortilla', 600)],
      [found('C', campaign(buyXGetY(2, 1, TAPAS, { get: { include: { skus: ['tortilla'] } } })))],
    ),
    es: 'Hacen falta 3 artículos de la promoción y en el pedido hay 2.',
    en: '3 eligible items are needed; the order has 2.',
    nearest: { addQuantity: '1', eligibleSkus: TAPAS },
  },
  {
    reason: 'ALL_ITEMS_ALREADY_DISCOUNTED',
    when: 'what there is to get is reduced already',
    given: input(
      [line('menu', 1180), line('coffee', 150, { discount: 10 })],
      [found('C', campaign(buyXGetY(1, 1, ['menu'], { get: { include: { skus: ['coffee'] } }, excludeDiscounted: true })))],
    ),
    es: 'Todos los artículos de la promoción tienen ya un descuento.',
    en: 'All items that the voucher is for are discounted already.',
    nearest: { addQuantity: '1', eligibleSkus: ['coffee'] },
  },
];
