import { type Ctx, secret, z } from '@valehub/connector-kit';

/** Optional throughout: who only posts by an incoming webhook needs none of it. What a step lacks it says itself. */
export const app = z.strictObject({
  clientId: z.string().min(1).max(100).optional().meta({
    title: 'Client ID',
    description: 'Of the Slack app, under Basic Information; needed to install it from here.',
  }),
  clientSecret: secret({
    title: 'Client secret',
    description: 'Of the Slack app, under Basic Information.',
  }).optional(),
  signingSecret: secret({
    title: 'Signing secret',
    description:
      'Of the Slack app, only where Slack shall call the hub: buttons, the command, events. Without it nothing is taken from Slack.',
  }).optional(),
});

export const settings = z.strictObject({
  webhookUrl: secret({
    title: 'Incoming webhook address',
    description: 'https://hooks.slack.com/services/...; whoever has it can post into the channel. Left out: the installed app posts.',
  }).optional(),
  channel: z.string().min(1).max(100).optional().meta({
    title: 'Channel',
    description:
      'Where the installed app posts (C...). Of an incoming webhook only the name that is shown to people; Slack does not read it.',
    choices: 'channels',
  }),
  teamId: z
    .string()
    .regex(/^[TE][A-Z0-9]{2,20}$/, 'the id of a workspace, such as T0123ABCD')
    .optional()
    .meta({
      title: 'Workspace',
      description:
        'Its id (T...), which follows /services/ in an incoming webhook address. Needed there for buttons; an installed app knows it.',
    }),
  approvers: z.record(z.string(), z.string()).default({}).meta({
    title: 'Approvers',
    description:
      'Whose press of a button counts, and as whom at the hub: { "U0123ABCD": "<user or role>" }. Presses of others are kept and refused.',
  }),
});

export type SlackCtx = Ctx<typeof settings>;

/** Two ways lead into Slack: the one channel of a secret address, or an installed app that posts where it is told. */
export const postsByAddress = (ctx: SlackCtx): boolean => ctx.isSet('webhookUrl');

/** Buttons make sense where a press can come back: Slack's call is proven, and the hub can tell which connection it is for. */
export const takesPresses = (ctx: SlackCtx): boolean =>
  ctx.isSet('signingSecret') && (!postsByAddress(ctx) || ctx.settings.teamId !== undefined);
