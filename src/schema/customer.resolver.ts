import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { CustomerKey } from '../domain/customer/customer.types.ts';
import type { Connection } from './connection.results.ts';
import { connectionView } from './connection.views.ts';
import type { Context } from './context.ts';
import { CustomerInput } from './customer.inputs.ts';
import { Customer } from './customer.results.ts';
import { exactlyOne, pageRequest } from './pages.ts';
import { LocalDate } from './scalars.ts';
import { VoucherFilter } from './voucher.inputs.ts';
import { type Voucher, VoucherConnection } from './voucher.results.ts';
import { voucherView } from './voucher.views.ts';

@Resolver(() => Customer)
export class CustomerResolver {
  @Query(() => Customer, { nullable: true, description: 'By exactly one of the three; null where there is nobody.' })
  async customer(
    @Arg('id', () => ID, { nullable: true }) id: string | null | undefined,
    @Arg('phone', () => String, { nullable: true }) phone: string | null | undefined,
    @Arg('email', () => String, { nullable: true }) email: string | null | undefined,
    @Ctx() context: Context,
  ): Promise<Customer | null> {
    const given = { id, phone, email };
    const by = exactlyOne(given);
    return context.hub.customers.find({ [by]: given[by] } as CustomerKey);
  }

  @Mutation(() => Customer)
  async upsertCustomer(@Arg('input', () => CustomerInput) input: CustomerInput, @Ctx() context: Context): Promise<Customer> {
    return context.hub.customers.upsert(context.actor, input);
  }

  @FieldResolver(() => LocalDate, { nullable: true, description: 'Not shown to TILL keys.' })
  birthday(@Root() customer: Customer, @Ctx() context: Context): string | null {
    return seesDates(context) ? customer.birthday : null;
  }

  @FieldResolver(() => LocalDate, { nullable: true, description: 'Not shown to TILL keys.' })
  anniversary(@Root() customer: Customer, @Ctx() context: Context): string | null {
    return seesDates(context) ? customer.anniversary : null;
  }

  @FieldResolver(() => VoucherConnection, { nullable: true, description: 'The vouchers that were given to the customer.' })
  async wallet(
    @Root() customer: Customer,
    @Arg('filter', () => VoucherFilter, { nullable: true }) filter: VoucherFilter | null | undefined,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null | undefined,
    @Ctx() context: Context,
  ): Promise<Connection<Voucher>> {
    const own = { ...filter, customerId: customer.id };
    if (filter?.customerId && filter.customerId !== customer.id) own.statuses = [];
    return connectionView(await context.hub.lists.vouchers(context.actor, own, pageRequest(first, after)), voucherView);
  }
}

/** A till serves whoever stands there; it does not need to know when they were born. */
const seesDates = ({ actor }: Context): boolean => actor.role === 'ADMIN' || actor.role === 'MARKETING' || actor.role === 'ACCOUNTING';
