// A connector of the bench's own: a till with a past, read by time in pages, with no limit but its own speed.
import { bearer, defineConnector, secret, z } from '@valehub/connector-kit';

const settings = z.strictObject({ apiKey: secret({ title: 'API key' }) });
const page = z.object({ orders: z.array(z.object({ id: z.string(), at: z.string(), cents: z.int() })), next: z.string().nullable() });
const eur = (minor) => ({ minor, currency: 'EUR' });

const orderOf = ({ id, at, cents }) => ({
  externalId: id,
  revision: { version: 1 },
  state: 'PAID',
  placedAt: at,
  currency: 'EUR',
  pricesIncludeTax: true,
  lines: [
    { id: '1', sku: 'MENU', quantity: '1', unitPrice: eur(cents), gross: eur(cents), discount: eur(0) },
    { id: '2', sku: 'WATER', quantity: '2', unitPrice: eur(150), gross: eur(300), discount: eur(0) },
  ],
  discounts: [],
  payments: [{ externalId: `${id}-card`, method: 'CARD', amount: eur(cents + 300), texts: [] }],
  refunds: [],
  charges: [],
  total: eur(cents + 300),
  texts: [],
});

// biome-ignore lint/style/noDefaultExport: a connector is the default export of its package
export default defineConnector({
  id: 'bench-past',
  title: 'A till with a past',
  docs: 'https://bench.example/docs',
  kit: '^1.0.0',
  versions: [{ id: '1', link: 'https://bench.example/docs' }],
  settings,
  hosts: { api: { url: 'https://api.bench.example' } },
  auth: bearer('apiKey'),
  identify: () => ({ account: 'bench', name: 'Bench' }),
  limits: [],
  feeds: {
    orders: {
      by: 'time',
      every: 'PT15M',
      gives: ['order'],
      overlap: 'PT15M',
      longest: 'P1D',
      complete: false,
      async read(ctx, { from, to, page: told }) {
        const { orders, next } = await ctx.call({ path: '/orders', query: { from, to, page: told ?? '0' }, reply: page });
        const facts = orders.map((order) => ({ kind: 'order', order: orderOf(order) }));
        return next === null ? { facts, more: false } : { facts, next, more: true };
      },
    },
  },
  fetch: { order: { max: 1, read: () => [] } },
  roles: { 'orders.source': { feed: 'orders' } },
  capabilities: {},
});
