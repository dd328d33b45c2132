import { Field, ID, ObjectType } from 'type-graphql';

@ObjectType({ description: 'A guest. Known by phone or e-mail.', simpleResolvers: true })
export class Customer {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { nullable: true })
  name!: string | null;

  @Field(() => String, { nullable: true, description: 'E.164: "+34600111222".' })
  phone!: string | null;

  @Field(() => String, { nullable: true, description: 'In small letters.' })
  email!: string | null;

  @Field(() => [String], { nullable: true })
  groups!: readonly string[];

  /** Shown by a resolver, as not to everybody. */
  birthday!: string | null;
  anniversary!: string | null;
}
