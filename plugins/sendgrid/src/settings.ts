import { type Ctx, secret, z } from '@valehub/connector-kit';

export const settings = z.strictObject({
  apiKey: secret({
    title: 'API key',
    description:
      'With the permission Mail Send; with Event Notification and Marketing where the hub shall set up the event webhook and keep contacts.',
  }),
  webhookVerificationKey: secret({
    title: 'Event webhook verification key',
    description: 'Shown by SendGrid when Signed Event Webhook is switched on. Not needed where the hub makes the event webhook itself.',
  }).optional(),
  eventWebhook: z.enum(['BY_HUB']).optional().meta({
    title: 'Event webhook',
    description: 'BY_HUB: the hub makes it and keeps it right. Left out: somebody enters it at SendGrid.',
  }),
  fromEmail: z.email().meta({ title: 'From', description: 'A verified sender, or an address of an authenticated domain.' }),
  fromName: z.string().min(1).max(200).optional().meta({ title: "Sender's name" }),
  replyTo: z.email().optional().meta({ title: 'Reply to' }),
  defaultSubject: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ title: 'Subject', description: 'For texts that bring none. Left out: their first line.' }),
  defaultTemplate: z.string().min(1).max(255).optional().meta({
    title: 'Template for texts',
    description: 'A dynamic template that gets the text as {{text}} and the subject as {{subject}}. Left out: texts go out as they are.',
    choices: 'templates',
  }),
  unsubscribeGroup: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional()
    .meta({
      title: 'Unsubscribe group',
      description: 'Messages belong to it, and who leaves it takes back the consent to e-mail.',
      choices: 'unsubscribeGroups',
    }),
  contactList: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .meta({ title: 'List', description: 'Which customers become members of. Left out: contacts are on no list.', choices: 'lists' }),
  apiHost: z
    .enum(['api.sendgrid.com', 'api.eu.sendgrid.com'])
    .default('api.sendgrid.com')
    .meta({ title: 'Region', description: 'api.eu.sendgrid.com for subusers in the European Union.' }),
});

export type SendGridCtx = Ctx<typeof settings>;
