import { type Ctx, secret, z } from '@valehub/connector-kit';

export const settings = z.strictObject({
  apiKey: secret({ title: 'API key', description: 'With the permission Mail Send; nothing else is needed.' }),
  webhookVerificationKey: secret({
    title: 'Event webhook verification key',
    description: 'Shown by SendGrid when Signed Event Webhook is switched on. Without it no event is taken.',
  }).optional(),
  fromEmail: z.email().meta({ title: 'From', description: 'A verified sender, or an address of an authenticated domain.' }),
  fromName: z.string().min(1).max(200).optional().meta({ title: "Sender's name" }),
  replyTo: z.email().optional().meta({ title: 'Reply to' }),
  defaultSubject: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ title: 'Subject', description: 'For texts that bring none. Left out: their first line.' }),
  apiHost: z
    .enum(['api.sendgrid.com', 'api.eu.sendgrid.com'])
    .default('api.sendgrid.com')
    .meta({ title: 'Region', description: 'api.eu.sendgrid.com for subusers in the European Union.' }),
});

export type SendGridCtx = Ctx<typeof settings>;
