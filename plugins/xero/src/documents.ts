import { createHash } from 'node:crypto';
import type { HubDocument, Job, JsonBody, Outcome, Ref, Verb } from '@valehub/connector-kit';
import { create, readPage } from './client.ts';
import { saleDraft } from './drafts.ts';
import { referenceOf } from './marks.ts';
import { drafted, failed, lookUp, refOf } from './outcomes.ts';
import { refused } from './refusals.ts';
import type { Element } from './schemas.ts';
import type { settings, XeroCtx } from './settings.ts';

type Kind = 'INVOICE' | 'CREDIT_NOTE';
interface Draft {
  readonly job: Job<HubDocument>;
  readonly body: JsonBody;
}

const kindOf = ({ kind }: HubDocument): Kind => (kind === 'CREDIT_NOTE' ? 'CREDIT_NOTE' : 'INVOICE');

/** The one with the hub's reference, whatever a person has done to it since. */
async function known(ctx: XeroCtx, document: HubDocument): Promise<Ref | undefined> {
  const reference = referenceOf(document);
  const { items } = await readPage(ctx, kindOf(document), { where: `Reference=="${reference}"` });
  const found = items.find((item) => item.kind !== 'JOURNAL' && item.Reference === reference);
  return found && refOf(ctx, found.kind, found.id);
}

/**
 * Xero's key covers a request, and the hub may send a document that is tried again together with others. So the key only guards against
 * the same request arriving twice; a document whose outcome is unknown is looked for by its reference.
 */
const keyOf = (drafts: readonly Draft[]): string =>
  createHash('sha256')
    .update(JSON.stringify(drafts.map(({ job }) => job.key)))
    .digest('hex');

/** A discount that is sent as a line of its own stands behind all lines of the document; here it is its line's again. */
function ownPath(path: string | undefined, { lines }: HubDocument): string | undefined {
  const place = Number(/^lines\.(\d+)$/.exec(path ?? '')?.[1] ?? Number.NaN) - lines.length;
  const discounted = lines.flatMap(({ discount }, index) => (discount && discount.minor > 0 ? [index] : []));
  return place >= 0 ? `lines.${discounted[place] ?? 0}.discount` : path;
}

const NUMBER_TAKEN = /#\s*must be unique/i;

/** A number that is taken may have been taken by an earlier attempt of this very document. */
async function settled(ctx: XeroCtx, { job }: Draft, element: Element): Promise<Outcome<Ref>> {
  const failure = refused(element);
  const id = element.InvoiceID ?? element.CreditNoteID;
  if (!failure)
    return id === undefined
      ? failed(job, { code: 'BAD_REPLY', message: 'Xero made a document and gives no id.', unknown: true })
      : { job: job.id, done: refOf(ctx, kindOf(job.input), id) };
  if (job.input.number === undefined || !NUMBER_TAKEN.test(failure.message))
    return failed(job, { ...failure, path: ownPath(failure.path, job.input) });
  const [outcome] = await lookUp([job], (document) => known(ctx, document));
  return outcome && !('absent' in outcome) ? outcome : failed(job, { ...failure, path: 'number' });
}

async function send(ctx: XeroCtx, kind: Kind, drafts: readonly Draft[]): Promise<readonly Outcome<Ref>[]> {
  if (drafts.length === 0) return [];
  const answer = await create(
    ctx,
    kind,
    drafts.map(({ body }) => body),
    keyOf(drafts),
  );
  if ('failed' in answer) return drafts.map(({ job }) => failed(job, answer.failed));
  const outcomes: Outcome<Ref>[] = [];
  for (const [index, element] of answer.value.entries()) {
    const draft = drafts[index];
    if (draft) outcomes.push(await settled(ctx, draft, element));
  }
  return outcomes;
}

export const post: Verb<HubDocument, Ref, typeof settings> = {
  scopes: ['accounting.invoices'],
  // Xero advises fifty in a call, of 3.5 MB at most.
  batch: { max: 50, maxBytes: 2_000_000 },
  // Two calls at once might both make the contact of one name, and the later be refused.
  oneAtATime: 'account',
  repeat: { find: (ctx, jobs) => lookUp(jobs, (document) => known(ctx, document)) },
  async run(ctx, jobs) {
    const { ready, refused: unfit } = drafted(jobs, (document) => saleDraft(ctx, document));
    const invoices = await send(
      ctx,
      'INVOICE',
      ready.filter(({ job }) => kindOf(job.input) === 'INVOICE'),
    );
    const creditNotes = await send(
      ctx,
      'CREDIT_NOTE',
      ready.filter(({ job }) => kindOf(job.input) === 'CREDIT_NOTE'),
    );
    return { outcomes: [...unfit, ...invoices, ...creditNotes] };
  },
};
