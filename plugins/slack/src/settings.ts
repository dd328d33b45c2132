import { type Ctx, secret, z } from '@valehub/connector-kit';

export const settings = z.strictObject({
  webhookUrl: secret({
    title: 'Incoming webhook address',
    description: 'https://hooks.slack.com/services/...; whoever has it can post into the channel.',
  }),
  channel: z.string().min(1).max(100).optional().meta({
    title: 'Channel',
    description: 'The name of the channel that the address posts into; shown to people, Slack does not read it.',
  }),
  signingSecret: secret({
    title: 'Signing secret',
    description: 'Of the Slack app, only where Slack shall call the hub. Without it nothing is taken from Slack.',
  }).optional(),
});

export type SlackCtx = Ctx<typeof settings>;
