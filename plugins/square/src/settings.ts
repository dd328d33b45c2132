import { type Ctx, secret, z } from '@valehub/connector-kit';

export const settings = z.strictObject({
  accessToken: secret({
    title: 'Access token',
    description: 'Of the seller, with the right ORDERS_READ, PAYMENTS_READ and MERCHANT_PROFILE_READ.',
  }),
  webhookSignatureKey: secret({
    title: 'Webhook signature key',
    description: 'Of the webhook subscription. Without it no event is taken.',
  }).optional(),
});

export type SquareCtx = Ctx<typeof settings>;
