import { type Ctx, secret, z } from '@valehub/connector-kit';

/** 24 to 64 bytes in base64, as the convention writes them; whoever leaves `whsec_` away is understood. */
const signingKey = (words: { readonly title: string; readonly description: string }) =>
  secret(words)
    .regex(/^(whsec_)?[A-Za-z0-9+/]{32,88}={0,2}$/, 'whsec_ and 24 to 64 random bytes in base64')
    .optional();

export const CHANNELS = ['EMAIL', 'SMS', 'PUSH', 'CHAT'] as const;

export const settings = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(100)
    .default('webhooks')
    .meta({ title: 'System', description: 'What the system at the other end is called.' }),
  url: secret({
    title: 'Address of the receiver',
    description: 'https, and kept like a password, for many hold one. Left out: nothing is sent, only taken in.',
  }).optional(),
  signingSecret: signingKey({
    title: 'Signing secret',
    description: 'With it the hub signs what it sends (whsec_...). The receiver has the same.',
  }),
  previousSigningSecret: signingKey({
    title: 'Previous signing secret',
    description: 'While the secret is changed: as long as it stands here, everything is signed with both.',
  }),
  incomingSecret: signingKey({
    title: 'Incoming secret',
    description:
      'With it the other system signs what it sends to the hub. Another one than the signing secret. Without it nothing is taken.',
  }),
  channels: z
    .array(z.enum(CHANNELS))
    .min(1)
    .default([...CHANNELS])
    .meta({ title: 'Channels', description: 'By which messages may go out through this system.' }),
  perSecond: z.int().min(1).max(1000).default(10).meta({ title: 'Requests a second', description: 'How many the receiver takes at most.' }),
  approvers: z.record(z.string(), z.string()).default({}).meta({
    title: 'Approvers',
    description: 'Whose answer to an alert counts, and as whom at the hub: { "<their id there>": "<user or role>" }.',
  }),
});

export type HookCtx = Ctx<typeof settings>;
