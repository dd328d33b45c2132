import { startSlack } from '../../../plugins/slack/test/stand-in.ts';
import { until } from '../wait.ts';
import type { Connection, Platform, Scene } from './platform.ts';

const PEPA = 'U0PEPA';
/** Of the incoming webhook. */
const CHANNEL = 'C0ALERTS';

export const slack: Platform = {
  id: 'slack',
  title: 'Slack',
  async start() {
    const told: { hub?: string } = {};
    const workspace = await startSlack(told);
    return {
      url: workspace.url,
      settings: { ...workspace.addressSettings, approvers: { [PEPA]: 'pepa' } },
      connected(connection: Connection) {
        told.hub = connection.webhookUrl;
      },
      receives: {
        verb: 'alerts.send',
        words: ['alert', 'alerts'],
        by: {
          events: ['VOUCHER_REJECTED'],
          settings: { severity: 'WARNING', title: 'A voucher was refused', buttons: [{ id: 'seen', label: 'Seen' }] },
        },
        isDue: ({ type }) => type === 'VOUCHER_REJECTED',
        arrived: () => workspace.messages(CHANNEL).length,
      },
      async answer({ ledger }: Scene) {
        const [alert] = workspace.messages(CHANNEL);
        await workspace.press(CHANNEL, 'seen', PEPA);
        const press = await until('the press of the button in Slack', () =>
          ledger.find(({ type, data }) => type === 'CUSTOM' && data['button'] === 'seen'),
        );
        return [
          `An alert says: ${alert?.text.replaceAll('\n', ' ')}`,
          `Somebody presses "Seen" below the alert; in the hub's book it is ${press.data['by']} who did.`,
        ];
      },
      close: workspace.close,
    };
  },
};
