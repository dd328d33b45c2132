import { type Delivery, type Fact, type Notice, timeKit, type Webhooks, z } from '@valehub/connector-kit';
import { BUTTONS } from './blocks.ts';
import * as schemas from './schemas.ts';
import type { SlackCtx, settings } from './settings.ts';
import { signature } from './signature.ts';

const manual = `Alerts need nothing more. Where Slack shall call the hub, open your app at **api.slack.com/apps**, copy **Basic Information > Signing Secret**
into *Signing secret*, and enter the webhook address of this connection:
1. **Interactivity & Shortcuts > Request URL**, for the buttons of alerts.
2. **Event Subscriptions > Request URL** with the bot events \`app_uninstalled\` and \`tokens_revoked\`. Slack tries the address at once.
3. **Slash Commands**, for \`/vale\`: the same address with \`/command\` behind it.`;

/** A press, one notice each. Slack does not repeat them; the same user presses the same button once at one time. */
function presses(told: schemas.Press): readonly Notice[] {
  const account = told.team?.id ?? told.enterprise?.id;
  const { message_ts: message, channel_id: channel } = told.container ?? {};
  return told.actions.map(
    (action): Notice => ({
      ...(account === undefined ? {} : { account }),
      topic: told.type,
      ...(message && channel ? { resource: ['message', `${channel}/${message}`] } : {}),
      at: timeKit.seconds(action.action_ts),
      body: {
        alert: action.block_id === BUTTONS ? (action.value ?? null) : null,
        button: action.action_id,
        by: told.user.id,
        replyTo: told.response_url ?? null,
      },
      repeat: { key: `${told.user.id} ${action.action_ts} ${action.action_id}` },
    }),
  );
}

function split(delivery: Delivery): readonly Notice[] {
  const told = schemas.event.parse(delivery.body);
  if (told.type === 'block_actions') return presses(schemas.press.parse(delivery.body));
  return [
    {
      ...(told.team_id ? { account: told.team_id } : {}),
      topic: told.event?.type ?? told.type,
      ...(told.event_time ? { at: timeKit.seconds(told.event_time) } : {}),
      body: { bots: told.event?.tokens?.bot ?? [] },
      repeat: { key: told.event_id ?? delivery.bodyHash },
    },
  ];
}

/** What `split` keeps of each, for `read`. */
const pressed = z.object({ alert: z.string().nullable(), button: z.string(), by: z.string(), replyTo: z.string().nullable() });
const revoked = z.object({ bots: z.array(z.string()) });

function read(ctx: SlackCtx, notice: Notice): readonly Fact[] {
  const at = notice.at ?? ctx.now();
  const key = notice.repeat === 'signal' ? at : notice.repeat.key;
  switch (notice.topic) {
    case 'block_actions': {
      const { alert, button, by, replyTo } = pressed.parse(notice.body);
      return alert === null ? [] : [{ kind: 'pressed', alert, button, by, key, at, ...(replyTo === null ? {} : { replyTo }) }];
    }
    case 'app_uninstalled':
      return [{ kind: 'access', is: 'UNINSTALLED', at }];
    default: {
      // tokens_revoked: those of people are none of ours, and neither is another bot's.
      const { bots } = revoked.parse(notice.body);
      const { bot } = ctx.facts;
      return bots.length > 0 && (bot === undefined || bots.includes(bot)) ? [{ kind: 'access', is: 'REVOKED', at }] : [];
    }
  }
}

/** The door for what Slack tells: buttons of alerts, and the end of the app's access. Anything else is kept under Slack's own name. */
export const webhooks: Webhooks<typeof settings> = {
  body: ['json', { formField: 'payload' }],
  verify: signature,
  handshakes: [
    {
      method: 'POST',
      when: [{ at: { field: 'type' }, is: 'url_verification' }, { field: 'challenge' }],
      signed: true,
      echo: { field: 'challenge' },
    },
  ],
  topics: ['block_actions', 'app_uninstalled', 'tokens_revoked'],
  split,
  read,
  subscriptions: { manual },
};
