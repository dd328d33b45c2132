import type { Plain } from '@valehub/connector-kit';
import type pg from 'pg';
import { enqueueJob, type JobDraft } from '../domain/connection/outbox-queue.ts';
import type { Clock } from '../domain/shared/clock.ts';
import type { StepFailure } from '../domain/workflow/workflow.types.ts';
import type { ActionJob, DeliveryPort, MessageChannel, MessageJob, Settlement, Waiting } from './campaign-flow/ports.ts';
import type { EndedJob, JobWaiter } from './job-waiter.ts';

export interface OutboxDeliveryMeans {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly waiter: JobWaiter;
  /** What a connection can be used for; null where there is no such connection, or no connector for it. */
  readonly offerOf: (connectionId: string) => Promise<ConnectionOffer | null>;
}

export interface ConnectionOffer {
  /** By their names in the outbox. */
  readonly verbs: ReadonlySet<string>;
  /** Through which messages go, the usual one first. */
  readonly channels: readonly MessageChannel[];
}

const ALERT_TITLE_MAX = 1_000;

/** Puts messages and calls into the outbox and waits for what becomes of them. After a crash the same key finds the same job again. */
export class OutboxDelivery implements DeliveryPort {
  readonly #means: OutboxDeliveryMeans;

  constructor(means: OutboxDeliveryMeans) {
    this.#means = means;
  }

  async message(job: MessageJob, waiting: Waiting): Promise<Settlement> {
    const offer = await this.#means.offerOf(job.connectionId);
    if (offer === null) return gone(job.connectionId);
    const channel = job.channel ?? offer.channels[0] ?? 'CHAT';
    if (offer.channels.includes(channel))
      return this.#sent({ ...draftOf(job), verb: 'messages.send', input: messageInput(job, channel) }, waiting, channel);
    if (channel !== 'CHAT' || !offer.verbs.has('alerts.send'))
      return refused('NOT_SUPPORTED', `The connection sends no messages by ${channel}.`);
    if (job.text === null) return refused('NOT_SUPPORTED', 'A chat without templates needs a text.');
    const input = { severity: 'INFO', title: (job.subject ?? job.workflowName).slice(0, ALERT_TITLE_MAX), text: job.text };
    return this.#sent({ ...draftOf(job), verb: 'alerts.send', input }, waiting, channel);
  }

  async action(job: ActionJob, waiting: Waiting): Promise<Settlement> {
    const offer = await this.#means.offerOf(job.connectionId);
    if (offer === null) return gone(job.connectionId);
    // A connector's own action, or one of the verbs that many have: `rows.append`.
    const own = `actions.${job.action}`;
    const verb = offer.verbs.has(own) ? own : job.action;
    if (!offer.verbs.has(verb)) return refused('NOT_SUPPORTED', `The connection has no action ${job.action}.`);
    return this.#sent(
      { connectionId: job.connectionId, key: job.key, runId: job.runId, stepId: job.stepId, verb, input: job.input },
      waiting,
    );
  }

  async #sent(draft: JobDraft, { signal, inDoubt }: Waiting, channel?: MessageChannel): Promise<Settlement> {
    const { pool, clock, waiter } = this.#means;
    const { id } = await enqueueJob(pool, draft, clock.now());
    for (let seen: EndedJob['status'] | undefined; ; ) {
      const job = await waiter.ended(id, signal, seen);
      const failure: StepFailure =
        job.failure === null
          ? { code: 'BAD_REPLY', message: 'The platform said nothing of why.' }
          : { code: job.failure.code, message: job.failure.message };
      if (job.status === 'DONE') return { settled: 'DONE', outcome: job.outcome, ...(channel === undefined ? {} : { channel }) };
      // What was surely not done is a refusal. The job is taken back first, so that a later replay does not do it behind the run's back.
      if (job.status === 'FAILED' || (!job.inDoubt && (await this.#takenBack(id)))) return { settled: 'REFUSED', failure };
      await inDoubt(failure);
      seen = job.status;
    }
  }

  /** False where somebody replayed it meanwhile. */
  async #takenBack(id: string): Promise<boolean> {
    const { rowCount } = await this.#means.pool.query(
      `update outbox_job set status = 'FAILED', updated_at = $2 where id = $1 and status = 'PARKED' and not in_doubt`,
      [id, new Date(this.#means.clock.now())],
    );
    return rowCount === 1;
  }
}

function draftOf(job: MessageJob): Omit<JobDraft, 'verb' | 'input'> {
  const { connectionId, key, runId, stepId, customerId, storeId } = job;
  return { connectionId, key, runId, stepId, ...(customerId === null ? {} : { customerId }), ...(storeId === null ? {} : { storeId }) };
}

function messageInput({ to, subject, text, templateId, fields }: MessageJob, channel: MessageChannel): Plain {
  return {
    channel,
    to,
    ...(subject === null ? {} : { subject }),
    ...(text === null ? {} : { text }),
    ...(templateId === null ? {} : { templateId, fields }),
  };
}

const refused = (code: StepFailure['code'], message: string): Settlement => ({ settled: 'REFUSED', failure: { code, message } });
const gone = (connectionId: string): Settlement =>
  refused('TARGET_GONE', `The connection ${connectionId} is gone, or its connector is not installed.`);
