import { type Ctx, secret, z } from '@valehub/connector-kit';

/** The developer application. None of it is needed by a seller who enters an access token of their own. */
export const app = z.strictObject({
  clientId: z.string().trim().min(1).max(191).optional().meta({ title: 'Application ID', description: 'Of the page OAuth.' }),
  clientSecret: secret({ title: 'Application secret', description: 'Of the same page.' }).optional(),
  appAccessToken: secret({
    title: 'Access token of the application',
    description: 'Of the page Credentials. With it the hub subscribes to the events by itself.',
  }).optional(),
});

export const settings = z.strictObject({
  accessToken: secret({
    title: 'Access token',
    description: 'Of a seller with an application of their own. Left out where the seller gives leave in the browser.',
  }).optional(),
  webhookSignatureKey: secret({
    title: 'Webhook signature key',
    description: 'Of a webhook subscription that was made by hand. Without one no event is taken.',
  }).optional(),
  automaticRules: z.boolean().optional().meta({
    title: 'Rules that apply by themselves',
    description: 'Publish campaigns on articles, from an amount on or with dates as rules, which Square applies to every sale that fits.',
  }),
});

export type SquareCtx = Ctx<typeof settings>;
