import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';

export const PublicationStatus = {
  PUBLISHING: 'PUBLISHING',
  PUBLISHED: 'PUBLISHED',
  WITHDRAWING: 'WITHDRAWING',
  WITHDRAWN: 'WITHDRAWN',
  FAILED: 'FAILED',
} as const;
registerEnumType(PublicationStatus, {
  name: 'PublicationStatus',
  description: 'PUBLISHING and WITHDRAWING are under way. FAILED: the platform refused, lastError says why.',
});

export const LossEffect = { IMPOSSIBLE: 'IMPOSSIBLE', WIDER: 'WIDER', NARROWER: 'NARROWER', CHANGED: 'CHANGED', BY_HUB: 'BY_HUB' } as const;
registerEnumType(LossEffect, {
  name: 'LossEffect',
  description:
    'IMPOSSIBLE: it cannot be published. WIDER: the platform would give more than the campaign; NARROWER: less; CHANGED: the same in another form. BY_HUB: the hub sees to it when it is asked, or told of the order.',
});

export const OnLoss = { REFUSE: 'REFUSE', NARROW: 'NARROW', GO_ON: 'GO_ON' } as const;
registerEnumType(OnLoss, {
  name: 'OnLoss',
  description:
    'REFUSE: published only where nothing more and nothing less is given. NARROW: also where less is given. GO_ON: also where more is given.',
});

@ObjectType({ description: 'What a campaign loses at a platform.', simpleResolvers: true })
export class Loss {
  @Field(() => String, { description: 'A key of the connector’s capabilities, or name, codes, items.' })
  about!: string;

  @Field(() => LossEffect)
  effect!: keyof typeof LossEffect;

  @Field(() => String)
  message!: string;
}

@ObjectType({ description: 'What would become of a campaign at a platform. Nothing was sent.', simpleResolvers: true })
export class PublicationPlan {
  @Field(() => Boolean, { description: 'Whether it can be published at all.' })
  possible!: boolean;

  @Field(() => [Loss])
  losses!: readonly Loss[];

  @Field(() => Int, { description: 'How many of its codes would go along.' })
  codes!: number;
}

@ObjectType({ description: 'A campaign at a platform.', simpleResolvers: true })
export class Publication {
  @Field(() => ID)
  id!: string;

  @Field(() => PublicationStatus)
  status!: keyof typeof PublicationStatus;

  @Field(() => Int, { description: 'The campaign’s version that was published last.' })
  campaignVersion!: number;

  @Field(() => [Loss], { description: 'What was agreed to when it was published.' })
  losses!: readonly Loss[];

  @Field(() => Int)
  codesTotal!: number;

  @Field(() => Int, { description: 'Codes that the platform has taken.' })
  codesAdded!: number;

  @Field(() => Int, { description: 'Codes that the platform has refused.' })
  codesRefused!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'How often the platform says that it was used; null where it does not tell. The hub’s own count is Campaign.counts.',
  })
  used!: number | null;

  @Field(() => String, { nullable: true })
  lastError!: string | null;

  campaignId!: string;
  connectionId!: string;
}

@ObjectType({ description: 'Which of the hub’s articles one of a platform is.', simpleResolvers: true })
export class MappedProduct {
  @Field(() => ID, { description: 'As it stands on the platform’s orders.' })
  externalId!: string;

  @Field(() => String)
  sku!: string;

  @Field(() => String, { nullable: true })
  group!: string | null;

  @Field(() => String, { nullable: true })
  brand!: string | null;
}
