import { Field, ID, InputType } from 'type-graphql';
import { LocalDate } from './scalars.ts';

@InputType({
  description: 'Names a customer. An unknown phone or e-mail makes a new one (validate only reckons with one); an unknown id is refused.',
})
export class CustomerRefInput {
  @Field(() => ID, { nullable: true })
  id?: string | null;

  @Field(() => String, { nullable: true, description: 'E.164: "+34600111222".' })
  phone?: string | null;

  @Field(() => String, { nullable: true })
  email?: string | null;
}

@InputType({ description: 'Found by id, else by phone or e-mail, and changed; else made. What is left out stays as it is.' })
export class CustomerInput {
  @Field(() => ID, { nullable: true })
  id?: string | null;

  @Field(() => String, { nullable: true, description: 'E.164.' })
  phone?: string | null;

  @Field(() => String, { nullable: true })
  email?: string | null;

  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => [String], { nullable: true })
  groups?: string[] | null;

  @Field(() => LocalDate, { nullable: true })
  birthday?: string | null;

  @Field(() => LocalDate, { nullable: true })
  anniversary?: string | null;
}
