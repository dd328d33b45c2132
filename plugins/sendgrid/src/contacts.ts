import {
  type Failure,
  type HubCustomer,
  type Instant,
  type Job,
  type Outcome,
  type Plain,
  path,
  type Ref,
  type Step,
  type Verb,
  z,
} from '@valehub/connector-kit';
import { hasContacts } from './capabilities.ts';
import { ask } from './client.ts';
import { foundContacts, imported, started } from './schemas.ts';
import type { SendGridCtx, settings } from './settings.ts';
import { writeConsents } from './suppressions.ts';

type CustomerJob = Job<HubCustomer>;

/** Where an import stands: SendGrid takes contacts into a queue, and says later what became of them. */
const waiting = z.strictObject({ import: z.string(), asked: z.int() });
type Waiting = z.output<typeof waiting>;

/** So many addresses are looked up at once. */
const MOST = 100;
const NAME_LENGTH = 50;
const EVERY_MS = 15_000;
/** An hour of questions. Then the contacts are sent again, which changes nothing. */
const MOST_QUESTIONS = 240;

/** Members that SendGrid knows by name; all others are custom fields, by their ids. */
const RESERVED: readonly string[] = ['address_line_1', 'address_line_2', 'city', 'country', 'postal_code', 'state_province_region'];

const emailOf = ({ input: { email } }: CustomerJob): string => (email ?? '').toLowerCase();

function contactOf({ email, name, fields }: HubCustomer): { readonly [member: string]: Plain } {
  const [first = '', ...rest] = (name ?? '').trim().split(/\s+/);
  const all = Object.entries(fields ?? {});
  const custom = all.filter(([member]) => !RESERVED.includes(member));
  return {
    email: (email ?? '').toLowerCase(),
    ...(first === '' ? {} : { first_name: first.slice(0, NAME_LENGTH) }),
    ...(rest.length === 0 ? {} : { last_name: rest.join(' ').slice(0, NAME_LENGTH) }),
    ...Object.fromEntries(all.filter(([member]) => RESERVED.includes(member))),
    ...(custom.length === 0 ? {} : { custom_fields: Object.fromEntries(custom) }),
  };
}

function fault(ctx: SendGridCtx, { input: { email } }: CustomerJob): Failure | undefined {
  if (!hasContacts(ctx)) return { code: 'NOT_SUPPORTED', message: 'SendGrid keeps marketing contacts in the United States only.' };
  if (!z.email().safeParse(email).success)
    return { code: 'BAD_INPUT', path: 'email', message: 'SendGrid knows contacts by their e-mail address, and this customer has none.' };
  return undefined;
}

const failedAll = (jobs: readonly CustomerJob[], failed: Failure): readonly Outcome<Ref>[] => jobs.map(({ id }) => ({ job: id, failed }));

const later = (ctx: SendGridCtx): Instant => new Date(Date.parse(ctx.now()) + EVERY_MS).toISOString();

/** Consents first: a withdrawal must not wait for a queue. Of one address the last word counts. */
async function begin(ctx: SendGridCtx, jobs: readonly CustomerJob[]): Promise<Step<Ref, Waiting>> {
  const faults = new Map(jobs.flatMap((job) => [fault(ctx, job)].flatMap((why) => (why ? [[job.id, why] as const] : []))));
  const good = jobs.filter(({ id }) => !faults.has(id));
  const consents = good.flatMap((job) => {
    const given = job.input.consents?.email;
    return given === undefined ? [] : [{ email: emailOf(job), given }];
  });
  const refused = await writeConsents(ctx, [...new Map(consents.map((consent) => [consent.email, consent])).values()]);
  for (const job of good) {
    const why = refused.get(emailOf(job));
    if (why) faults.set(job.id, why);
  }
  const going = good.filter(({ id }) => !faults.has(id));
  const outcomes = [...faults].map(([job, failed]) => ({ job, failed }));
  if (going.length === 0) return { outcomes };
  const { contactList } = ctx.settings;
  const answer = await ask(ctx, 'contacts', {
    method: 'PUT',
    path: '/v3/marketing/contacts',
    json: {
      ...(contactList === undefined ? {} : { list_ids: [contactList] }),
      contacts: [...new Map(going.map((job) => [emailOf(job), contactOf(job.input)])).values()],
    },
    reply: started,
  });
  if ('failed' in answer) return { outcomes: [...outcomes, ...failedAll(going, answer.failed)] };
  return { outcomes, goOn: { import: answer.value.job_id, asked: 0 }, at: later(ctx) };
}

/** An import says how many contacts it refused, but not which: those that are not there. */
async function settle(ctx: SendGridCtx, jobs: readonly CustomerJob[], isWhole: boolean): Promise<readonly Outcome<Ref>[]> {
  const answer = await ask(ctx, 'contacts', {
    path: '/v3/marketing/contacts/search/emails',
    json: { emails: [...new Set(jobs.map(emailOf))] },
    reply: foundContacts,
  });
  // None of them is there.
  if ('failed' in answer && answer.failed.code !== 'NOT_FOUND') return failedAll(jobs, answer.failed);
  const found = 'failed' in answer ? {} : answer.value.result;
  return jobs.map((job): Outcome<Ref> => {
    const id = found[emailOf(job)]?.contact?.id;
    // What was imported without a fault may be found some moments later only.
    if (id !== undefined || isWhole) return { job: job.id, done: { id: id ?? null } };
    return {
      job: job.id,
      failed: { code: 'BAD_INPUT', message: 'SendGrid did not take this contact; its import lists the reason under Contacts.' },
    };
  });
}

async function goOn(ctx: SendGridCtx, jobs: readonly CustomerJob[], state: Waiting): Promise<Step<Ref, Waiting>> {
  const answer = await ask(ctx, 'contacts', { path: path`/v3/marketing/contacts/imports/${state.import}`, reply: imported });
  if ('failed' in answer) return { outcomes: failedAll(jobs, answer.failed) };
  const { status } = answer.value;
  if (status === 'completed' || status === 'errored') return { outcomes: await settle(ctx, jobs, status === 'completed') };
  if (status === 'failed') return { outcomes: failedAll(jobs, { code: 'BAD_INPUT', message: 'SendGrid took none of these contacts.' }) };
  if (state.asked >= MOST_QUESTIONS)
    return { outcomes: failedAll(jobs, { code: 'TIMEOUT', message: 'SendGrid has not worked the import in an hour.', unknown: true }) };
  return { goOn: { ...state, asked: state.asked + 1 }, at: later(ctx) };
}

/** By the e-mail address, so that twice is once. UNVERIFIED: contacts that others gave further identifiers may be refused without them. */
export const upsert: Verb<HubCustomer, Ref, typeof settings, Waiting> = {
  batch: { max: MOST },
  repeat: 'safe',
  run: async (ctx, jobs, state) => (state === undefined ? begin(ctx, jobs) : goOn(ctx, jobs, waiting.parse(state))),
};
