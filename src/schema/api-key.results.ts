import { Field, ID, ObjectType } from 'type-graphql';
import { Role } from './enums.ts';
import { DateTime } from './scalars.ts';

@ObjectType({ description: 'A key of this API, without its secret.', simpleResolvers: true })
export class ApiKey {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => Role)
  role!: keyof typeof Role;

  @Field(() => [ID], { nullable: true, description: 'null: all stores.' })
  storeIds!: readonly string[] | null;

  @Field(() => ID, { nullable: true })
  connectionId!: string | null;

  @Field(() => ID, { nullable: true })
  partnerId!: string | null;

  @Field(() => DateTime)
  createdAt!: string;

  @Field(() => DateTime, { nullable: true, description: 'To the minute.' })
  lastUsedAt!: string | null;

  @Field(() => DateTime, { nullable: true })
  revokedAt!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Until when the secret before the last rotation still opens; null where it does not.',
  })
  previousSecretUntil!: string | null;
}

@ObjectType({ simpleResolvers: true })
export class CreatedApiKey {
  @Field(() => ApiKey)
  apiKey!: ApiKey;

  @Field(() => String, { description: 'The key itself ("vh_…"). Shown now and never again.' })
  secret!: string;
}
