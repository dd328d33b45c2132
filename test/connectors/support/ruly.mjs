// A connector that behaves, beside one that does not.
import { bearer, defineConnector, secret, z } from '@valehub/connector-kit';

// biome-ignore lint/style/noDefaultExport: a connector is the default export of its package
export default defineConnector({
  id: 'made-up',
  title: 'Made up',
  docs: 'https://made-up.example/docs',
  kit: '^1.0.0',
  versions: [{ id: '1', link: 'https://made-up.example/docs' }],
  settings: z.strictObject({ apiKey: secret({ title: 'API key' }) }),
  hosts: { api: { url: 'https://api.made-up.example' } },
  auth: bearer('apiKey'),
  identify: () => ({ account: 'made-up-account', name: 'Made up' }),
  limits: [],
  roles: {},
  actions: {
    safe: {
      title: 'safe',
      input: z.json(),
      output: z.json(),
      repeat: 'safe',
      run: async (ctx, [job]) => ({
        outcomes: [{ job: job.id, done: await ctx.call({ path: '/safe', json: {}, reply: z.object({ id: z.string() }) }) }],
      }),
    },
  },
  capabilities: {},
});
