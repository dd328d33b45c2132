import { type Ctx, secret, z } from '@valehub/connector-kit';

/** Fill in: what a person enters. The kit adds environment, apiBaseUrl, locations and tlsCa. */
export const settings = z.strictObject({
  apiKey: secret({ title: 'API key', description: 'Fill in: where to find it.' }),
  signingKey: secret({ title: 'Signing key', description: 'Fill in: where to find it. Without it no event is taken.' }).optional(),
});

export type PlatformCtx = Ctx<typeof settings>;
