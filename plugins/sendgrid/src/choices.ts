import type { Choice } from '@valehub/connector-kit';
import { demand } from './client.ts';
import { groups, lists, templates } from './schemas.ts';
import type { SendGridCtx } from './settings.ts';

/** All pages: the next one's token stands in a link. */
async function named(ctx: SendGridCtx, path: string, query: Readonly<Record<string, string>>, reply: typeof templates | typeof lists) {
  const all: Choice[] = [];
  let token: string | undefined;
  do {
    const page = await demand(ctx, 'account', { path, query: { ...query, ...(token === undefined ? {} : { page_token: token }) }, reply });
    all.push(...page.result.map(({ id, name }) => ({ value: id, label: name })));
    const next = page._metadata?.next;
    token = (next ? new URL(next).searchParams.get('page_token') : null) ?? undefined;
  } while (token !== undefined);
  return all;
}

export const choices = {
  templates: (ctx: SendGridCtx) => named(ctx, '/v3/templates', { generations: 'dynamic', page_size: '200' }, templates),
  lists: (ctx: SendGridCtx) => named(ctx, '/v3/marketing/lists', { page_size: '1000' }, lists),
  async unsubscribeGroups(ctx: SendGridCtx): Promise<readonly Choice[]> {
    const all = await demand(ctx, 'account', { path: '/v3/asm/groups', reply: groups });
    return all.map(({ id, name }) => ({ value: id, label: name }));
  },
};
