import { Field, InputType, Int } from 'type-graphql';
import { Pick } from './enums.ts';
import { MoneyInput } from './money.inputs.ts';
import { Decimal } from './scalars.ts';

@InputType({ description: 'Items by sku, by group or by brand: one match is enough.' })
export class ItemSelectorInput {
  @Field(() => [String], { nullable: true })
  skus?: string[] | null;

  @Field(() => [String], { nullable: true })
  groups?: string[] | null;

  @Field(() => [String], { nullable: true })
  brands?: string[] | null;
}

@InputType({
  description: 'Which lines an incentive is for. An empty scope means every line, one by one; no scope at all means the order as a whole.',
})
export class ScopeInput {
  @Field(() => ItemSelectorInput, { nullable: true, description: 'Left out: every item.' })
  include?: ItemSelectorInput | null;

  @Field(() => ItemSelectorInput, { nullable: true, description: 'Wins over include.' })
  exclude?: ItemSelectorInput | null;

  @Field(() => Boolean, { nullable: true, defaultValue: false, description: 'Passes over lines that carry a discount already.' })
  excludeDiscounted?: boolean | null;

  @Field(() => Decimal, { nullable: true, description: 'So many of the items must be in the basket.' })
  triggerQuantity?: string | null;

  @Field(() => Decimal, { nullable: true, description: 'At most so many of them get the discount; left out: all.' })
  applicableQuantity?: string | null;

  @Field(() => Pick, { nullable: true, defaultValue: 'CHEAPEST' })
  pick?: keyof typeof Pick | null;
}

@InputType()
export class PercentOffInput {
  @Field(() => Decimal, { description: 'Above 0, at most 100.' })
  percent!: string;

  @Field(() => MoneyInput, { nullable: true, description: 'It gives no more than this.' })
  maximum?: MoneyInput | null;

  @Field(() => ScopeInput, { nullable: true })
  scope?: ScopeInput | null;
}

@InputType()
export class AmountOffInput {
  @Field(() => MoneyInput, { description: 'Given once a voucher, at most what is due on the items.' })
  amount!: MoneyInput;

  @Field(() => ScopeInput, { nullable: true })
  scope?: ScopeInput | null;
}

@InputType()
export class SpecialPriceInput {
  @Field(() => MoneyInput, {
    description: 'What each unit comes down to; something weighed to price times quantity. What costs no more already stays as it is.',
  })
  price!: MoneyInput;

  @Field(() => ScopeInput, { description: 'Wanted, as only an item has a price; empty: every item.' })
  scope!: ScopeInput;
}

@InputType({ description: 'Units of the scope for nothing, the cheapest first unless pick says otherwise.' })
export class FreeItemInput {
  @Field(() => Decimal, { nullable: true, defaultValue: '1', description: 'So many; takes the place of the scope’s applicableQuantity.' })
  quantity?: string | null;

  @Field(() => ScopeInput)
  scope!: ScopeInput;
}

@InputType({ description: 'Some of the items; empty: every item.' })
export class ItemChoiceInput {
  @Field(() => ItemSelectorInput, { nullable: true, description: 'Left out: every item.' })
  include?: ItemSelectorInput | null;

  @Field(() => ItemSelectorInput, { nullable: true, description: 'Wins over include.' })
  exclude?: ItemSelectorInput | null;
}

@InputType({
  description:
    'For each buyQuantity pieces bought, up to getQuantity others for less, the cheapest first. Something weighed is one piece. No piece is both bought and got; pieces that could be either are shared out so that as many as possible are got.',
})
export class BuyXGetYInput {
  @Field(() => Int)
  buyQuantity!: number;

  @Field(() => ItemChoiceInput)
  buy!: ItemChoiceInput;

  @Field(() => Int, { nullable: true, defaultValue: 1 })
  getQuantity?: number | null;

  @Field(() => ItemChoiceInput, { nullable: true, description: 'Left out: of the items that are bought.' })
  get?: ItemChoiceInput | null;

  @Field(() => Decimal, { nullable: true, defaultValue: '100', description: 'What is taken off the pieces got: above 0, at most 100.' })
  percentOff?: string | null;

  @Field(() => Int, { nullable: true, description: 'Left out: as often as the order allows.' })
  maximumTimes?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Lines that carry a discount already are neither bought nor got.',
  })
  excludeDiscounted?: boolean | null;
}

@InputType({ description: 'The delivery lines of an order for nothing.' })
export class FreeDeliveryInput {
  @Field(() => MoneyInput, { nullable: true, description: 'It gives no more than this.' })
  maximum?: MoneyInput | null;

  @Field(() => ItemSelectorInput, { nullable: true, description: 'Which lines are delivery; left out: those of group "delivery".' })
  items?: ItemSelectorInput | null;
}

@InputType({ description: 'A part payment. What exceeds the amount due is lost.' })
export class TenderInput {
  @Field(() => MoneyInput)
  value!: MoneyInput;
}

@InputType({ description: 'A gift card: a part payment whose rest stays on the voucher. An order may take several.' })
export class GiftBalanceInput {
  @Field(() => MoneyInput, { description: 'What is on each voucher when it is new.' })
  value!: MoneyInput;
}

@InputType({ description: 'What a voucher gives: exactly one of the fields. More kinds will come.' })
export class IncentiveInput {
  @Field(() => PercentOffInput, { nullable: true })
  percentOff?: PercentOffInput | null;

  @Field(() => AmountOffInput, { nullable: true })
  amountOff?: AmountOffInput | null;

  @Field(() => SpecialPriceInput, { nullable: true })
  specialPrice?: SpecialPriceInput | null;

  @Field(() => FreeItemInput, { nullable: true })
  freeItem?: FreeItemInput | null;

  @Field(() => BuyXGetYInput, { nullable: true })
  buyXGetY?: BuyXGetYInput | null;

  @Field(() => FreeDeliveryInput, { nullable: true })
  freeDelivery?: FreeDeliveryInput | null;

  @Field(() => TenderInput, { nullable: true })
  tender?: TenderInput | null;

  @Field(() => GiftBalanceInput, { nullable: true })
  giftBalance?: GiftBalanceInput | null;
}
