import { exactDecimal, moneyKit, z } from '@valehub/connector-kit';

export const text = z.string().nullish();

/** A money bag in the shop's own currency; what the guest paid in is another matter. */
export const shopMoney = z
  .object({ shopMoney: z.object({ amount: exactDecimal(), currencyCode: z.string().regex(/^[A-Z]{3}$/) }) })
  .transform(({ shopMoney: { amount, currencyCode } }, issue) => {
    try {
      return moneyKit.fromMajor(amount, currencyCode);
    } catch (fault) {
      issue.addIssue({ code: 'custom', message: fault instanceof Error ? fault.message : 'no amount' });
      return z.NEVER;
    }
  });

/** One page of a connection. */
export const pageOf = <T extends z.ZodType>(node: T) =>
  z.object({ nodes: z.array(node), pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: text }) });

/** A connection that is short enough to be read at once. */
export const nodesOf = <T extends z.ZodType>(node: T) => z.object({ nodes: z.array(node) }).transform(({ nodes }) => nodes);

/** What a mutation would not do. */
export const userErrors = z.array(z.object({ field: z.array(z.string()).nullish(), message: z.string(), code: text }));
export type UserErrors = z.output<typeof userErrors>;

/** What GraphQL says of what went wrong, beside whatever data there is. */
export const graphqlErrors = z.object({
  data: z.unknown().optional(),
  errors: z
    .array(
      z.object({
        message: z.string(),
        path: z.array(z.union([z.string(), z.number()])).nullish(),
        extensions: z.object({ code: text }).nullish(),
      }),
    )
    .min(1),
});
export type GraphqlError = z.output<typeof graphqlErrors>['errors'][number];

/** Outside GraphQL: a sentence, or sentences by the name of a field. */
export const plainErrors = z.object({ errors: z.union([z.string(), z.record(z.string(), z.unknown())]) });

export const cost = z.object({
  extensions: z.object({
    cost: z.object({
      requestedQueryCost: z.number().nullish(),
      throttleStatus: z.object({ maximumAvailable: z.number(), currentlyAvailable: z.number(), restoreRate: z.number().positive() }),
    }),
  }),
});
