import { type Ctx, secret, z } from '@valehub/connector-kit';

/** The app at HubSpot. Not every connection has one that it knows: a service key or static token needs none. */
export const app = z.strictObject({
  clientId: z
    .string()
    .trim()
    .min(1)
    .max(255)
    .optional()
    .meta({ title: 'Client id', description: 'Of the app, on its Auth page. For OAuth.' }),
  clientSecret: secret({
    title: 'Client secret',
    description: 'Of the app, on its Auth page. HubSpot signs webhooks with it; without it none is taken.',
  }).optional(),
  hubspotAppId: z
    .string()
    .regex(/^\d{1,20}$/, 'the number of the app')
    .optional()
    .meta({ title: 'App id', description: 'The number of the app at HubSpot. With a developer API key, to subscribe to webhooks.' }),
  developerApiKey: secret({
    title: 'Developer API key',
    description: 'Of the developer account that owns a legacy public app: then the hub subscribes to webhooks by itself.',
  }).optional(),
});

const name = z.string().trim().min(1).max(255);

export const settings = z.strictObject({
  accessToken: secret({
    title: 'Access token',
    description: 'A service key or the static token of an app of one account. Left out: somebody agrees by OAuth.',
  }).optional(),
  pipeline: name.default('default').meta({ title: 'Pipeline', description: 'In which redemptions become deals.', choices: 'pipelines' }),
  redeemedStage: name
    .default('closedwon')
    .meta({ title: 'Stage of a redemption', description: 'A stage of that pipeline.', choices: 'stages' }),
  reversedStage: name
    .default('closedlost')
    .meta({ title: 'Stage of a redemption taken back', description: 'A stage of that pipeline.', choices: 'stages' }),
  contactKey: z.enum(['HUB_ID', 'EMAIL']).default('HUB_ID').meta({
    title: 'Contacts are known by',
    description: 'HUB_ID: by the property valehub_customer_id, else by e-mail. EMAIL: by e-mail alone, where that property is not wanted.',
  }),
  emailSubscription: z.string().regex(/^\d+$/).optional().meta({
    title: 'E-mail subscription',
    description: 'The type of subscription that stands for the consent to e-mail. Left out: consents are not written.',
    choices: 'emailSubscriptions',
  }),
  birthdayProperty: name.optional().meta({
    title: 'Property of the birthday',
    description: 'A text property of contacts. Left out: birthdays are neither read nor written.',
    choices: 'contactProperties',
  }),
  timelineEvent: name.optional().meta({
    title: 'Timeline event',
    description: "The full name of an event type of your app. Left out: nothing is written on contacts' timelines.",
  }),
  signatureV1Secret: secret({
    title: 'Client secret for signatures of version 1',
    description: 'Only where something before the hub takes away X-HubSpot-Signature-v3: the older signature holds no time.',
  }).optional(),
  signatureV2Secret: secret({
    title: 'Client secret for signatures of version 2',
    description: 'The same for version 2, which HubSpot uses for workflow actions and cards.',
  }).optional(),
});

export type HubSpotCtx = Ctx<typeof settings>;
