import { type Ctx, secret, z } from '@valehub/connector-kit';

/** The app at Shopify. Its secret also signs webhooks and the way back from the shop's consent page. */
export const app = z.strictObject({
  clientId: z
    .string()
    .trim()
    .min(1)
    .max(255)
    .meta({ title: 'Client ID', description: 'Dev Dashboard: your app, Settings. An app made in the shop itself calls it API key.' }),
  clientSecret: secret({
    title: 'Client secret',
    description: 'Beside the client ID (API secret key). Without it no webhook is taken.',
  }),
});

export const settings = z.strictObject({
  shop: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[a-z0-9][a-z0-9-]*\.myshopify\.com$/, 'the shop as name.myshopify.com')
    .meta({ title: 'Shop', description: 'name.myshopify.com, whatever domain the online store shows.' }),
  accessToken: secret({
    title: 'Admin API access token',
    description: 'Only of a custom app that was made in the shop itself: shpat_...',
  }).optional(),
  logInAs: z
    .literal('app')
    .optional()
    .meta({ title: 'Log in as', description: 'app: where the app and the shop belong to the same organisation; nobody has to agree.' }),
});

export type ShopCtx = Ctx<typeof settings>;
