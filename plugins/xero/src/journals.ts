import type { Job, Journal, Outcome, Ref, Verb } from '@valehub/connector-kit';
import { baseCurrency, create, readPage } from './client.ts';
import { journalDraft } from './drafts.ts';
import { narrationOf } from './marks.ts';
import { drafted, failed, lookUp, refOf } from './outcomes.ts';
import { refused } from './refusals.ts';
import type { settings, XeroCtx } from './settings.ts';

/** The one with the hub's mark in its narration, on the same day. */
async function known(ctx: XeroCtx, journal: Journal): Promise<Ref | undefined> {
  const narration = narrationOf(journal);
  const { items } = await readPage(ctx, 'JOURNAL', { where: `Narration=="${narration}"` });
  const found = items.find((item) => item.kind === 'JOURNAL' && item.Narration === narration && item.Date.startsWith(journal.day));
  return found && refOf(ctx, 'JOURNAL', found.id);
}

async function postOne(ctx: XeroCtx, job: Job<Journal>, currency: string): Promise<Outcome<Ref>> {
  const { ready, refused: unfit } = drafted([job], (journal) => journalDraft(ctx, journal, currency));
  const [draft] = ready;
  if (!draft) return unfit[0] ?? failed(job, { code: 'BAD_INPUT', message: 'There is no journal.' });
  const answer = await create(ctx, 'JOURNAL', [draft.body], job.key);
  if ('failed' in answer) return failed(job, answer.failed);
  const [element] = answer.value;
  const failure = element && refused(element);
  if (failure) return failed(job, failure);
  const id = element?.ManualJournalID;
  if (id === undefined) return failed(job, { code: 'BAD_REPLY', message: 'Xero made a journal and gives no id.', unknown: true });
  return { job: job.id, done: refOf(ctx, 'JOURNAL', id) };
}

/** One in a call, so that Xero's key is the journal's own. Xero forgets it after six minutes; then the journal is looked for. */
export const post: Verb<Journal, Ref, typeof settings> = {
  scopes: ['accounting.manualjournals'],
  repeat: { key: { max: 128, lives: 'PT5M' }, find: (ctx, jobs) => lookUp(jobs, (journal) => known(ctx, journal)) },
  async run(ctx, jobs) {
    const currency = await baseCurrency(ctx);
    const outcomes: Outcome<Ref>[] = [];
    for (const job of jobs) outcomes.push(await postOne(ctx, job, currency));
    return { outcomes };
  },
};
