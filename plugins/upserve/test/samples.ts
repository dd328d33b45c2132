import type { ConnectorSamples } from '@valehub/connector-kit/testing';
import { checkOf, pageOfChecks } from './check.ts';
import { check } from './fixtures.ts';

const path = '/ws/v2/checks.json';
const many = Array.from({ length: 102 }, (_, index) => checkOf({ ...check, id: `check-${index}` }));

export const samples: ConnectorSamples = {
  settings: { username: 'api-casa-pepa', password: 'password-invented', apiKey: 'partner-key-invented' },
  currency: 'USD',
  identify: { replies: [{ path, body: pageOfChecks([]) }], account: 'api-casa-pepa' },
  feeds: [
    {
      feed: 'checks',
      at: { day: '2026-03-06' },
      replies: [
        { path, body: pageOfChecks(many.slice(0, 100), many.length) },
        { path, body: pageOfChecks(many.slice(100), many.length, 100) },
      ],
      facts: many.map(() => 'order' as const),
    },
  ],
  fetches: [
    {
      resource: 'order',
      ids: ['2026-03-06/check-1', '2026-03-06/check-9'],
      replies: [
        { path, body: pageOfChecks([checkOf(check)]) },
        { path, body: pageOfChecks([]) },
      ],
      facts: ['order', 'gone'],
    },
  ],
};
