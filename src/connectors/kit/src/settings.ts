import { z } from 'zod';

/** A setting that plugin code never sees: it can only be named in templates (`{secrets.accessToken}`) and as a verification key. */
export type Secret = string & z.core.$brand<'secret'>;

/** Declares a secret setting. `title` and `description` are shown in the form. */
export function secret(words: { readonly title: string; readonly description?: string }) {
  return z.string().min(1).max(8192).brand<'secret'>().meta({ ...words, secret: true });
}

const pem = /^\s*(-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)+$/;

/** What every connection has, whatever its platform. The kit adds it; a connector that declares one of these names itself is refused at boot. */
export const kitSettingsShape = {
  environment: z.enum(['production', 'sandbox']).default('production')
    .meta({ title: 'Environment', description: 'Which of the environments of the platform the credentials belong to.' }),
  apiBaseUrl: z.url({ protocol: /^https?$/ }).max(2000).optional()
    .meta({ title: 'API base address', description: 'Takes the place of the origin of every address of the platform, its own path in front; for proxies and tests.' }),
  locations: z.record(z.string().min(1).max(255), z.string().min(1).max(255)).default({})
    .meta({ title: 'Locations', description: "Which store each of the platform's locations is: { platform's location: store id }." }),
  tlsCa: z.string().max(100_000).regex(pem, 'certificates in PEM').optional()
    .meta({ title: 'Certificate authority', description: 'PEM, for hosts that you run yourself.' }),
} as const;

export type KitSettings = z.output<z.ZodObject<typeof kitSettingsShape>>;

type Hidden<S, K extends keyof S> = NonNullable<S[K]> extends Secret ? never : K;

/** The settings as plugin code reads them: its own and the kit's, without the secrets. */
export type Readable<S extends z.ZodObject> = { readonly [K in keyof z.output<S> as Hidden<z.output<S>, K>]: z.output<S>[K] } & Readonly<KitSettings>;
