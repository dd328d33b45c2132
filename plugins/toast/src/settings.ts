import { type Ctx, secret, z } from '@valehub/connector-kit';

const guid = z.string().trim().min(1).max(255);

/** The API client that Toast gives out, and what Toast uses to prove itself to the hub. */
export const app = z.strictObject({
  clientId: guid.meta({ title: 'Client ID', description: 'Of the Toast API client.' }),
  clientSecret: secret({ title: 'Client secret', description: 'Of the Toast API client.' }),
  webhookSecret: secret({
    title: 'Webhook secret',
    description: 'Of the subscription to the orders webhook. Without it no event is taken, and only the sweep brings orders.',
  }).optional(),
  outboundApiKey: secret({
    title: 'Static API key',
    description:
      'A text of at most 255 characters that you choose and give to Toast. With it Toast proves itself when a till asks about a voucher.',
  }).optional(),
});

export const settings = z.strictObject({
  restaurantGuid: guid.meta({
    title: 'Restaurant GUID',
    description: 'One of the restaurants that the API client may read; the others of its group are found by it.',
  }),
  apiHost: z
    .string()
    .trim()
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'a host name')
    .default('ws-api.toasttab.com')
    .meta({ title: 'API host name', description: 'As Toast gave it to you with the credentials; sandboxes have another.' }),
  checkDiscounts: z
    .record(guid, guid.meta({ choices: 'checkDiscounts' }))
    .default({})
    .meta({
      title: 'Discounts for vouchers',
      description:
        'By which discount the hub takes a voucher off an open check: { restaurant GUID: GUID of an open-amount check discount }.',
    }),
});

export type ToastCtx = Ctx<typeof settings>;
