// A connector that misbehaves in every way that its process has to contain. Plain JavaScript: it is loaded by the process as it is.
import { bearer, defineConnector, secret, z } from '@valehub/connector-kit';

const kept = [];

/** Each job does what its input says. */
const deeds = {
  async fine(ctx) {
    const { id } = await ctx.call({ path: '/fine', reply: z.object({ id: z.string() }) });
    return { id, account: ctx.account ?? null };
  },
  loop() {
    for (;;);
  },
  leak() {
    for (;;) kept.push(new Array(1_000_000).fill(Math.random()));
  },
  exit() {
    process.exit(0);
  },
  throwLater() {
    setTimeout(() => {
      throw new Error('nobody catches this');
    }, 0);
    return new Promise(() => undefined);
  },
  never: () => new Promise(() => undefined),
  flood: () => 'x'.repeat(65_000_000),
  surroundings: () => ({ variables: Object.keys(process.env).length }),
  print() {
    console.log('the key is a secret');
    console.error('the key is a secret');
    return 'printed';
  },
  notData: () => ({ run: () => undefined, at: Symbol('x') }),
};

// biome-ignore lint/style/noDefaultExport: a connector is the default export of its package
export default defineConnector({
  id: 'unruly',
  title: 'Unruly',
  docs: 'https://unruly.example/docs',
  kit: '^1.0.0',
  versions: [{ id: '1', link: 'https://unruly.example/docs' }],
  settings: z.strictObject({ apiKey: secret({ title: 'API key' }) }),
  hosts: { api: { url: 'https://api.unruly.example' } },
  auth: bearer('apiKey'),
  identify: () => ({ account: 'unruly-account', name: 'Unruly' }),
  limits: [{ name: 'requests', per: 'account', unit: 'request', amount: 100, every: 'PT1S' }],
  roles: {},
  actions: {
    act: {
      title: 'act',
      input: z.strictObject({ deed: z.enum(Object.keys(deeds)) }),
      output: z.json(),
      repeat: 'safe',
      run: async (ctx, [job]) => ({ outcomes: [{ job: job.id, done: await deeds[job.input.deed](ctx) }] }),
    },
  },
  capabilities: {},
});
