import type { ConnectorSamples } from '@valehub/connector-kit/testing';

const ok = [{ method: 'POST', path: '/services/T000/B000/invented-for-tests', body: 'ok' }] as const;

export const samples: ConnectorSamples = {
  settings: { webhookUrl: 'https://hooks.slack.com/services/T000/B000/invented-for-tests', channel: '#vales' },
  now: '2026-03-06T19:30:00Z',
  identify: { replies: [], account: '#vales' },
  handshakes: [
    { body: { type: 'url_verification', token: 'old-style-token', challenge: 'challenge-of-slack' }, answer: 'challenge-of-slack' },
  ],
  verbs: [
    {
      verb: 'alerts.send',
      inputs: [
        { severity: 'CRITICAL', title: 'Many wrong codes', text: '43 tries in a minute', link: 'https://hub.example.com/anomalies/1' },
      ],
      replies: ok,
      done: [{ id: null }],
    },
    {
      verb: 'messages.send',
      inputs: [{ channel: 'CHAT', to: '+34600000000', toName: 'Ana', text: 'Her voucher is at the door.' }],
      replies: ok,
      done: [{ id: null }],
    },
    { verb: 'actions.say', inputs: [{ text: 'The kitchen closes at 23:30.' }], replies: ok, done: [{ id: null }] },
  ],
};
