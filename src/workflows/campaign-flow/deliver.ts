import type { Plain } from '@valehub/connector-kit';
import { ExpressionError } from '../../domain/expression/expression.ts';
import { renderInput, renderTemplate } from '../../domain/workflow/template.ts';
import type { StepFailure } from '../../domain/workflow/workflow.types.ts';
import type { Deed, DeedOutcome } from './activities.ts';
import type { MessageJob, Waiting } from './ports.ts';

type Fields = Readonly<Record<string, Plain>>;

/** What a platform's own template gets where the definition names no fields. */
const DEFAULT_FIELDS = {
  customer: { name: '{{ customer == null ? "" : customer.name }}' },
  store: { name: '{{ store == null ? "" : store.name }}' },
  voucher: { code: '{{ voucher == null ? "" : voucher.code }}' },
};

/** Tries the channels in order until one takes the message. */
export async function deliver(deed: Deed): Promise<DeedOutcome> {
  const { run, step, key, delivery } = deed;
  if (step.deliver === undefined) throw new Error(`Step ${step.id} delivers nothing.`);
  const message = await compose(deed, step.deliver);
  const refusals: { connectionId: string; channel: string | null; failure: StepFailure }[] = [];
  for (const [index, { connectionId, channel }] of step.deliver.channels.entries()) {
    const job: MessageJob = {
      ...message,
      workflowName: run.workflowName,
      connectionId,
      channel: channel ?? null,
      key: `${key}:${index}`,
      runId: run.id,
      stepId: step.id,
      customerId: run.event.customerId,
      storeId: run.event.storeId,
    };
    const settlement = await delivery.message(job, waitingOf(deed));
    const refused = refusals.length === 0 ? {} : { refusals };
    if (settlement.settled === 'DONE')
      return { detail: { connectionId, channel: settlement.channel ?? channel ?? null, outcome: settlement.outcome, ...refused } };
    refusals.push({ connectionId, channel: channel ?? null, failure: settlement.failure });
  }
  const last = refusals.at(-1)?.failure;
  if (last === undefined) throw new Error(`Step ${step.id} has no channels.`);
  return {
    failure: { code: last.code, message: refusals.length === 1 ? last.message : `No channel took it; the last said: ${last.message}` },
    detail: { refusals },
  };
}

type Delivery = NonNullable<Deed['step']['deliver']>;

async function compose(
  { run, contexts }: Deed,
  { to, subject, text, templateId, fields }: Delivery,
): Promise<Pick<MessageJob, 'to' | 'subject' | 'text' | 'templateId' | 'fields'>> {
  const wanted: Readonly<Record<string, unknown>> =
    fields ?? (templateId === undefined ? {} : { ...DEFAULT_FIELDS, steps: allocatedIn(run) });
  const scope = await contexts.scope(run, [to, subject ?? '', text ?? '', JSON.stringify(wanted)]);
  const address = await contexts.evaluate(run, to);
  if (typeof address !== 'string' || address === '') throw new ExpressionError(`${to} gave no address`);
  return {
    to: address,
    subject: subject === undefined ? null : renderTemplate(subject, scope),
    text: text === undefined ? null : renderTemplate(text, scope),
    templateId: templateId ?? null,
    fields: renderInput(wanted, scope) as Fields,
  };
}

/** The vouchers that earlier steps gave, by step id. */
function allocatedIn({ results }: Deed['run']): Readonly<Record<string, unknown>> {
  const given = results.filter(({ kind, status }) => kind === 'allocate' && status === 'COMPLETED');
  return Object.fromEntries(
    given.map(({ stepId, detail }) => [stepId, { code: detail?.['code'] ?? null, validUntil: detail?.['validUntil'] ?? null }]),
  );
}

export async function call(deed: Deed): Promise<DeedOutcome> {
  const { run, step, key, contexts, delivery } = deed;
  if (step.call === undefined) throw new Error(`Step ${step.id} calls nothing.`);
  const { connectionId, action, input } = step.call;
  const scope = await contexts.scope(run, [JSON.stringify(input)]);
  const settlement = await delivery.action(
    { connectionId, action, input: renderInput(input, scope) as Fields, key, runId: run.id, stepId: step.id },
    waitingOf(deed),
  );
  return settlement.settled === 'DONE' ? { detail: { output: settlement.outcome } } : { failure: settlement.failure };
}

/** A message that is neither sent nor refused holds the run up until a person has decided; the run shows it. */
const waitingOf = ({ run, step, signal, journal }: Deed): Waiting => ({
  signal,
  inDoubt: (failure) => journal.note(run.id, step.id, { inDoubt: failure }, 'WAITING'),
});
