import { type Ctx, secret, z } from '@valehub/connector-kit';

export const app = z.strictObject({
  clientId: z.string().trim().min(1).max(255).meta({ title: 'Client id', description: "Of the app in Xero's developer portal." }),
  clientSecret: secret({ title: 'Client secret', description: 'Of the same app, under Configuration.' }),
  webhookKey: secret({
    title: 'Webhooks key',
    description: 'Of the same app, under Webhooks. Without it no event is taken.',
  }).optional(),
});

const account = (title: string, description: string) =>
  z.string().trim().min(1).max(10).optional().meta({ title, description, choices: 'accounts' });

export const settings = z.strictObject({
  customConnection: z.literal(true).optional().meta({
    title: 'Custom connection',
    description:
      'The client id and secret are those of a Xero custom connection: it belongs to one organisation, and nobody is sent to a browser.',
  }),
  tenantId: z
    .uuid()
    .optional()
    .meta({ title: 'Organisation', description: 'Which one, where the consent covers several.', choices: 'tenants' }),
  postAs: z.enum(['AUTHORISED', 'SUBMITTED', 'DRAFT']).default('AUTHORISED').meta({
    title: 'Post as',
    description: 'AUTHORISED books at once; SUBMITTED and DRAFT wait for a person in Xero, journals as drafts.',
  }),
  contactName: z.string().trim().min(1).max(255).default('Voucher guests').meta({
    title: 'Contact',
    description: 'Whom documents without a contact are written to. Xero makes the contact where there is none.',
  }),
  salesAccount: account('Sales account', 'Code of the account for lines that name none, and for lines that name SALES.'),
  discountAccount: account(
    'Discount account',
    'Code of the account that voucher discounts go to as lines of their own, and for lines that name DISCOUNT.',
  ),
  liabilityAccount: account(
    'Voucher liability account',
    'Code of the account of vouchers sold and not yet used, for lines that name VOUCHER_LIABILITY.',
  ),
});

export type XeroCtx = Ctx<typeof settings>;
