import type { Failure, HubCustomer, HubEvent, Outcome, Ref, Verb } from '@valehub/connector-kit';
import { associate } from './associations.ts';
import { MOST, type Written } from './batch.ts';
import { type ContactOutcome, isFindable, refOf, writeContacts } from './contacts.ts';
import { type EventJob, redemptionOf, writeDeals } from './deals.ts';
import type { HubSpotCtx, settings } from './settings.ts';
import { tell } from './timeline.ts';

/** The jobs of a batch while they go through their steps: the first failure of each stands, and it goes no further. */
function coursesOf(jobs: readonly EventJob[]) {
  const failed = new Map<string, Failure>();
  return {
    fail(id: string, why: Failure | undefined): void {
      if (why && !failed.has(id)) failed.set(id, why);
    },
    going: (): readonly EventJob[] => jobs.filter(({ id }) => !failed.has(id)),
    outcomes: (doneOf: (job: EventJob) => Ref): readonly Outcome<Ref>[] =>
      jobs.map((job) => {
        const why = failed.get(job.id);
        return why ? { job: job.id, failed: why } : { job: job.id, done: doneOf(job) };
      }),
  };
}

function pointless(ctx: HubSpotCtx, { input }: EventJob): Failure | undefined {
  const { timelineEvent } = ctx.settings;
  const onTimeline = timelineEvent !== undefined && input.customer !== undefined && isFindable(ctx, input.customer);
  if (redemptionOf(input) !== undefined || onTimeline) return undefined;
  return {
    code: 'NOT_SUPPORTED',
    message:
      timelineEvent === undefined
        ? `HubSpot gets redemptions and what is taken back of them as deals. ${input.type} is none; with the setting Timeline event it would stand on the contact.`
        : `${input.type} is no redemption, and names no customer whom HubSpot could find and on whose timeline it could stand.`,
  };
}

const keyOf = ({ externalId, hubId, email }: HubCustomer): string => JSON.stringify([externalId, hubId, email]);

/** The contacts of the events by job, each written once, as the last event knows it. Events of nobody who can be found have none. */
async function contactsOf(ctx: HubSpotCtx, jobs: readonly EventJob[]): Promise<ReadonlyMap<string, ContactOutcome>> {
  const named = jobs.flatMap(({ id, input: { customer } }) => (customer && isFindable(ctx, customer) ? [{ id, customer }] : []));
  const once = new Map(named.map(({ customer }) => [keyOf(customer), customer]));
  const outcomes = await writeContacts(ctx, [...once.values()]);
  const byKey = new Map([...once.keys()].map((key, index) => [key, outcomes[index] ?? {}]));
  return new Map(named.map(({ id, customer }) => [id, byKey.get(keyOf(customer)) ?? {}]));
}

/** Faults of the contact's own data; any other stops the job before its deal. */
const isOfContact = ({ code }: Failure): boolean => code === 'BAD_INPUT' || code === 'CONFLICT' || code === 'NOT_FOUND';

const inCustomer = (why: Failure): Failure => ({ ...why, path: ['customer', why.path].filter(Boolean).join('.') });

const recordOf = (written: Written | undefined) => (written && 'record' in written ? written.record : undefined);

/** Contact, deal, their association, the timeline: each may be done twice. One by one in the account, as a deal is read before it is written. */
export const push: Verb<HubEvent, Ref, typeof settings> = {
  scopes: ['crm.objects.deals.write', 'crm.objects.deals.read', 'crm.objects.contacts.write'],
  batch: { max: MOST },
  oneAtATime: 'account',
  repeat: 'safe',
  async run(ctx, jobs) {
    const { fail, going, outcomes } = coursesOf(jobs);
    for (const job of jobs) fail(job.id, pointless(ctx, job));

    const contacts = await contactsOf(ctx, going());
    for (const [id, { failed }] of contacts) fail(id, failed && !isOfContact(failed) ? failed : undefined);
    const deals = await writeDeals(ctx, going());
    for (const [id, written] of deals) fail(id, 'failed' in written ? written.failed : undefined);
    // HubSpot may not take a contact; the deal is there all the same, and then the contact's fault is told.
    for (const [id, { failed }] of contacts) fail(id, failed && inCustomer(failed));

    const pairs = going().flatMap(({ id }) => {
      const deal = recordOf(deals.get(id));
      const contact = contacts.get(id)?.contact;
      return deal && contact ? [{ job: id, from: deal.id, to: contact.id }] : [];
    });
    for (const [id, why] of await associate(ctx, pairs)) fail(id, why);
    for (const { id, input } of going()) fail(id, await tell(ctx, input, contacts.get(id)?.contact?.id));

    return {
      outcomes: outcomes(({ id, input }) => {
        const deal = recordOf(deals.get(id));
        return deal ? refOf(deal) : { id: input.id };
      }),
    };
  },
};
