import { bearer, type Connector, defineConnector, type Outcome, type Plain, path, type Repeat, secret, z } from '@valehub/connector-kit';

const settings = z.strictObject({ apiKey: secret({ title: 'API key' }) });
const things = z.object({ id: z.string() });

type AnyRepeat = Repeat<Plain, Plain, Connector['settings']>;

/** An action that posts `{ key, input }` to `/<name>`. */
function posting(
  name: string,
  repeat: AnyRepeat,
  further: { readonly batch: { readonly max: number } } | object = {},
): NonNullable<Connector['actions']>[string] {
  return {
    title: name,
    input: z.json(),
    output: z.json(),
    repeat,
    ...further,
    run: async (ctx: Parameters<Connector['identify']>[0], jobs: readonly { id: string; key: string; input: unknown }[]) => {
      const answer = await ctx.call({ path: `/${name}`, json: jobs.map(({ key, input }) => ({ key, input })) as never, reply: things });
      return { outcomes: jobs.map((job) => ({ job: job.id, done: { id: answer.id } })) };
    },
  };
}

const EUR = (minor: number) => ({ minor, currency: 'EUR' });

/** For `madeUp`: alerts are posted to `/alerts`; campaigns can be published and vouchers put on open checks of 20 EUR, though nothing is sent. */
export const WITH_ROLES: Partial<Connector> = {
  fetch: {
    order: {
      max: 10,
      read: (_ctx, ids) =>
        ids.map((externalId) => ({
          kind: 'order',
          order: {
            externalId,
            revision: { version: 1 },
            state: 'OPEN',
            placedAt: '2026-03-06T20:00:00.000Z',
            currency: 'EUR',
            pricesIncludeTax: true,
            lines: [{ id: '1', sku: 'ARROZ', name: 'Arroz', quantity: '1', unitPrice: EUR(2_000), gross: EUR(2_000), discount: EUR(0) }],
            discounts: [],
            payments: [],
            refunds: [],
            charges: [],
            total: EUR(2_000),
            texts: [],
          },
        })),
    },
  },
  roles: {
    'orders.apply': {
      apply: {
        repeat: 'safe',
        run: async (_ctx, jobs) => ({ outcomes: jobs.map(({ id, input }) => ({ job: id, done: { orderId: input.orderId, id: 'D-1' } })) }),
      },
      remove: { repeat: 'safe', run: async (_ctx, jobs) => ({ outcomes: jobs.map(({ id }) => ({ job: id, done: null })) }) },
    },
    'alerts.send': {
      send: {
        repeat: 'mayDouble',
        run: async (ctx, jobs) => {
          await ctx.call({ path: '/alerts', json: jobs.map(({ input }) => input), reply: z.unknown() });
          return { outcomes: jobs.map(({ id }) => ({ job: id, done: { id: null } })) };
        },
      },
    },
    'vouchers.publish': {
      publish: { repeat: 'safe', run: async (_ctx, jobs) => ({ outcomes: jobs.map(({ id }) => ({ job: id, done: { id: 'PROMO-1' } })) }) },
      update: { repeat: 'safe', run: async (_ctx, jobs) => ({ outcomes: jobs.map(({ id, input }) => ({ job: id, done: input.to })) }) },
      withdraw: { repeat: 'safe', run: async (_ctx, jobs) => ({ outcomes: jobs.map(({ id }) => ({ job: id, done: null })) }) },
    },
  },
  capabilities: { 'incentive.percentOff': 'ENFORCED', 'orders.apply': 'ENFORCED' },
  publishing: {},
};

/** A platform that does not exist, with a verb of every kind of repetition. */
export const madeUp = (given: Partial<Connector> = {}): Connector =>
  defineConnector({
    id: 'made-up',
    title: 'Made up',
    docs: 'https://made-up.example/docs',
    kit: '^1.0.0',
    versions: [{ id: '1', link: 'https://made-up.example/docs' }],
    settings,
    hosts: { api: { url: 'https://api.made-up.example' } },
    auth: bearer('apiKey'),
    identify: () => ({ account: 'made-up-account', name: 'Made up' }),
    limits: [],
    roles: {},
    capabilities: {},
    ...(given as object),
    actions: {
      safe: posting('safe', 'safe'),
      may: posting('may', 'mayDouble'),
      never: posting('never', 'never'),
      keyed: posting('keyed', { key: { max: 20 } }),
      mortal: posting('mortal', { key: { max: 255, lives: 'PT1H' } }),
      many: posting('many', 'safe', { batch: { max: 3 } }),
      found: posting('found', {
        find: async (ctx, jobs) => {
          const outcomes: Outcome<Plain>[] = [];
          for (const job of jobs) {
            const answer = await ctx.tryCall({ path: path`/found/${job.key}`, reply: things });
            if (!('failed' in answer)) outcomes.push({ job: job.id, done: { id: answer.value.id } });
            else if (answer.failed.code === 'NOT_FOUND') outcomes.push({ job: job.id, absent: true as const });
            else outcomes.push({ job: job.id, failed: answer.failed });
          }
          return outcomes;
        },
      }),
      inSteps: {
        title: 'in steps',
        input: z.json(),
        output: z.json(),
        repeat: 'safe',
        run: async (ctx, jobs, state) => {
          if (state === undefined) {
            await ctx.call({ path: '/begin', json: {}, reply: z.unknown() });
            return { goOn: { ticket: 'T-1' }, at: new Date(Date.parse(ctx.now()) + 60_000).toISOString() };
          }
          await ctx.call({ path: '/end', json: state, reply: z.unknown() });
          return { outcomes: jobs.map((job) => ({ job: job.id, done: 'ended' })) };
        },
      },
      broken: {
        title: 'broken',
        input: z.json(),
        output: z.json(),
        repeat: 'safe',
        run: () => Promise.reject(new TypeError('a fault with somebody@example.com in it')),
      },
      strict: { ...posting('strict', 'safe'), input: z.strictObject({ amount: z.int() }) },
      ...given.actions,
    },
  });
