import { Field, ID, InputType } from 'type-graphql';

@InputType({ description: 'Which of the hub’s articles one of a platform is.' })
export class ProductInput {
  @Field(() => ID, { description: 'The platform’s id or article number, as it stands on its orders.' })
  externalId!: string;

  @Field(() => String, { nullable: true, description: 'The hub’s. Left out: the mapping is taken away.' })
  sku?: string | null;

  @Field(() => String, { nullable: true })
  group?: string | null;

  @Field(() => String, { nullable: true })
  brand?: string | null;
}
