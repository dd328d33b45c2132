import { type Ctx, secret, z } from '@valehub/connector-kit';

/** The key of the partner, the same for all restaurants. */
export const app = z.strictObject({
  apiKey: secret({ title: 'API key', description: 'The partner key that Upserve gave out for its reporting API.' }),
});

export const settings = z.strictObject({
  username: z
    .string()
    .trim()
    .min(1)
    .max(255)
    .regex(/^[\x21-\x7e]+$/, 'a user name without spaces')
    .meta({ title: 'API user name', description: 'As shown under Settings > Integration Partners when the partner was added.' }),
  password: secret({ title: 'API password', description: 'Shown with that user name.' }),
});

export type UpserveCtx = Ctx<typeof settings>;
