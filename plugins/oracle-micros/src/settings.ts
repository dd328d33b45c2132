import { type Ctx, secret, z } from '@valehub/connector-kit';

/** People copy whole addresses out of the EMC: what counts is the host, with its port where it has one. */
const host = (title: string, description: string) =>
  z
    .string()
    .trim()
    .max(500)
    .regex(/^(https:\/\/)?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?(\/\S*)?$/, 'a host name, such as sts.example.com')
    .transform((text) => (text.replace(/^https:\/\//, '').split('/', 1)[0] ?? '').toLowerCase())
    .meta({ title, description });

const reference = (title: string, description: string) => z.int().positive().optional().meta({ title, description });

const login = {
  clientId: z.string().trim().min(1).max(500).meta({ title: 'Client ID', description: 'Of the API account, with the = at its end.' }),
  username: z.string().trim().min(1).max(255).meta({ title: 'User name', description: 'Of the API account.' }),
  password: secret({ title: 'Password', description: 'Of the API account. It expires after 60 days; a new one is entered here.' }),
} as const;

/** Vouchers are put on checks as a discount or tender that the restaurant has set up for them. */
const applying = {
  voucherDiscount: reference(
    'Voucher discount',
    'Number of an open-amount subtotal discount, for vouchers that the hub puts on open checks.',
  ),
  voucherTender: reference('Voucher tender', 'Number of the tender, for part payments that the hub puts on open checks.'),
  serviceTotal: reference(
    'Service total tender',
    'Number of a service total, where the revenue centre wants one to close a round without payment.',
  ),
  employee: reference('Employee', 'Number of the employee in whose name the hub changes a check; the one who owns it where left out.'),
} as const;

const configuration = {
  configurationHost: host(
    'Content and Configuration API',
    'Only where campaigns are published as discounts: its host, from the EMC.',
  ).optional(),
  configurationClientId: login.clientId
    .optional()
    .meta({ title: 'Configuration client ID', description: 'Of the configuration API account.' }),
  configurationUsername: login.username
    .optional()
    .meta({ title: 'Configuration user name', description: 'Of the configuration API account.' }),
  configurationPassword: secret({ title: 'Configuration password', description: 'Of the configuration API account.' }).optional(),
  hierarchyUnit: reference('Hierarchy unit', 'Id (hierUnitId) of the unit of the enterprise in which discounts are made.'),
  firstDiscount: reference('First discount number', 'From which number on the hub may make discounts.'),
  lastDiscount: reference('Last discount number', 'Up to which number the hub may make discounts.'),
  language: z
    .string()
    .regex(/^[a-z]{2}-[A-Z]{2}$/, 'a language such as es-ES')
    .default('en-US')
    .meta({ title: 'Language', description: 'In which the names of published discounts are written.' }),
} as const;

export const settings = z.strictObject({
  servicesHost: host('Transaction Services Gen2', 'Its host. EMC: Enterprise Parameters, Applications.'),
  identityHost: host('OpenID Provider', 'Its host, from the same page.'),
  organization: z.string().trim().min(1).max(64).toLowerCase().meta({ title: 'Organization', description: 'The enterprise short name.' }),
  ...login,
  orderTypes: z
    .record(z.string().regex(/^\d+$/), z.enum(['DINE_IN', 'TAKEAWAY', 'DELIVERY', 'ONLINE', 'KIOSK']))
    .default({})
    .meta({ title: 'Order types', description: 'How each of the order types is sold: { "2": "TAKEAWAY" }. Others are eaten in.' }),
  ...applying,
  ...configuration,
});

export type SimphonyCtx = Ctx<typeof settings>;
