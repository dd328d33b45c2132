import { Field, Int, ObjectType } from 'type-graphql';
import { Pick } from './enums.ts';
import { Money } from './money.results.ts';
import { Decimal } from './scalars.ts';

@ObjectType({ simpleResolvers: true })
export class ItemSelector {
  @Field(() => [String], { nullable: true })
  skus!: readonly string[] | null;

  @Field(() => [String], { nullable: true })
  groups!: readonly string[] | null;

  @Field(() => [String], { nullable: true })
  brands!: readonly string[] | null;
}

@ObjectType({ simpleResolvers: true })
export class Scope {
  @Field(() => ItemSelector, { nullable: true })
  include!: ItemSelector | null;

  @Field(() => ItemSelector, { nullable: true })
  exclude!: ItemSelector | null;

  @Field(() => Boolean)
  excludeDiscounted!: boolean;

  @Field(() => Decimal, { nullable: true })
  triggerQuantity!: string | null;

  @Field(() => Decimal, { nullable: true })
  applicableQuantity!: string | null;

  @Field(() => Pick)
  pick!: keyof typeof Pick;
}

@ObjectType({ simpleResolvers: true })
export class PercentOff {
  @Field(() => Decimal)
  percent!: string;

  @Field(() => Money, { nullable: true })
  maximum!: Money | null;

  @Field(() => Scope, { nullable: true, description: 'null: the order as a whole.' })
  scope!: Scope | null;
}

@ObjectType({ simpleResolvers: true })
export class AmountOff {
  @Field(() => Money)
  amount!: Money;

  @Field(() => Scope, { nullable: true, description: 'null: the order as a whole.' })
  scope!: Scope | null;
}

@ObjectType({ simpleResolvers: true })
export class SpecialPrice {
  @Field(() => Money)
  price!: Money;

  @Field(() => Scope)
  scope!: Scope;
}

@ObjectType({ simpleResolvers: true })
export class FreeItem {
  @Field(() => Decimal)
  quantity!: string;

  @Field(() => Scope)
  scope!: Scope;
}

@ObjectType({ simpleResolvers: true })
export class ItemChoice {
  @Field(() => ItemSelector, { nullable: true })
  include!: ItemSelector | null;

  @Field(() => ItemSelector, { nullable: true })
  exclude!: ItemSelector | null;
}

@ObjectType({ simpleResolvers: true })
export class BuyXGetY {
  @Field(() => Int)
  buyQuantity!: number;

  @Field(() => ItemChoice)
  buy!: ItemChoice;

  @Field(() => Int)
  getQuantity!: number;

  @Field(() => ItemChoice, { nullable: true, description: 'null: of the items that are bought.' })
  get!: ItemChoice | null;

  @Field(() => Decimal)
  percentOff!: string;

  @Field(() => Int, { nullable: true, description: 'null: as often as the order allows.' })
  maximumTimes!: number | null;

  @Field(() => Boolean)
  excludeDiscounted!: boolean;
}

@ObjectType({ simpleResolvers: true })
export class FreeDelivery {
  @Field(() => Money, { nullable: true })
  maximum!: Money | null;

  @Field(() => ItemSelector, { nullable: true, description: 'null: the lines of group "delivery".' })
  items!: ItemSelector | null;
}

@ObjectType({ simpleResolvers: true })
export class Tender {
  @Field(() => Money)
  value!: Money;
}

@ObjectType({ simpleResolvers: true })
export class GiftBalance {
  @Field(() => Money)
  value!: Money;
}

@ObjectType({ description: 'Exactly one field is set.', simpleResolvers: true })
export class Incentive {
  @Field(() => PercentOff, { nullable: true })
  percentOff!: PercentOff | null;

  @Field(() => AmountOff, { nullable: true })
  amountOff!: AmountOff | null;

  @Field(() => SpecialPrice, { nullable: true })
  specialPrice!: SpecialPrice | null;

  @Field(() => FreeItem, { nullable: true })
  freeItem!: FreeItem | null;

  @Field(() => BuyXGetY, { nullable: true })
  buyXGetY!: BuyXGetY | null;

  @Field(() => FreeDelivery, { nullable: true })
  freeDelivery!: FreeDelivery | null;

  @Field(() => Tender, { nullable: true })
  tender!: Tender | null;

  @Field(() => GiftBalance, { nullable: true })
  giftBalance!: GiftBalance | null;
}
