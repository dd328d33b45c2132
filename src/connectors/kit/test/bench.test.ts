import { expect, test } from '@jest/globals';
import { defineConnector, noAuth, z } from '../src/index.ts';
import { onBench } from '../src/testing/bench.ts';

const connector = defineConnector({
  id: 'slow',
  title: 'Slow',
  docs: 'https://docs.slow.example',
  kit: '^1.0.0',
  versions: [{ id: '1', link: 'https://docs.slow.example' }],
  settings: z.strictObject({}),
  hosts: { api: { url: 'https://api.slow.example' } },
  auth: noAuth(),
  identify: () => ({ account: 'a', name: 'A' }),
  limits: [],
  roles: {},
  capabilities: {},
});

test('a call that asks for two minutes is ended by the deadline of the bench', () =>
  onBench(connector, { settings: {}, identify: { replies: [], account: 'a' } }, 50, async ({ standIn, ctx }) => {
    standIn.answer([{ instead: 'HANG' }]);
    const begun = Date.now();
    const answer = await ctx.tryCall({ path: '/write', json: {}, reply: z.null(), deadlineMs: 120_000 });
    expect(answer).toMatchObject({ failed: { code: 'TIMEOUT', unknown: true } });
    expect(Date.now() - begun).toBeLessThan(10_000);
  }));
