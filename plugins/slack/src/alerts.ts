import {
  type Action,
  type Alert,
  alertSchema,
  inTurn,
  type Job,
  type Outcome,
  type Plain,
  type Ref,
  type Verb,
  z,
} from '@valehub/connector-kit';
import { alertBlocks, alertText, buttonBlock, note, textBlocks } from './blocks.ts';
import { type Body, post, replaceByAddress, replaceById } from './posting.ts';
import { postsByAddress, type SlackCtx, type settings, takesPresses } from './settings.ts';
import { escaped } from './text.ts';

/** An alert that nobody could press is better than none: without a way back it goes out without its buttons. */
function alertBody(ctx: SlackCtx, alert: Alert): Body {
  const { id, buttons = [] } = alert;
  if (id === undefined || buttons.length === 0 || !takesPresses(ctx)) return { text: alertText(alert) };
  return { text: alertText(alert), blocks: [...alertBlocks(alert), buttonBlock(id, buttons)] };
}

/** Slack knows no key: after a lost answer an alert may stand there twice, which is better than not at all. */
export const send: Verb<Alert, Ref, typeof settings> = {
  scopes: ['chat:write'],
  repeat: 'mayDouble',
  run: async (ctx, jobs) => ({ outcomes: await inTurn(jobs, (job) => post(ctx, job.id, alertBody(ctx, job.input))) }),
};

const input = z
  .strictObject({
    /** As it came with the press; good for half an hour. */
    replyTo: z.url().max(2000).optional(),
    /** The id that sending the alert gave, where an app is installed; good for as long as the workspace lets messages be changed. */
    message: z
      .string()
      .regex(/^[A-Z0-9]+\/\d+\.\d+$/)
      .optional(),
    /** What stays of the message; its buttons go. */
    alert: alertSchema.optional(),
    /** What became of it: "Approved by Ana." */
    text: z.string().min(1).max(3_000),
  })
  .refine(({ replyTo, message }) => (replyTo === undefined) !== (message === undefined), 'either `replyTo` or `message`');

async function updateOne(ctx: SlackCtx, job: Job<Plain>): Promise<Outcome<Plain>> {
  const parsed = input.safeParse(job.input);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue?.path.map(String).join('.') ?? '';
    return {
      job: job.id,
      failed: { code: 'BAD_INPUT', message: `The update is not in its form: ${issue?.message ?? 'unknown'}.`, ...(path ? { path } : {}) },
    };
  }
  const { replyTo, message = '', alert, text } = parsed.data;
  if (replyTo === undefined && postsByAddress(ctx))
    return {
      job: job.id,
      failed: { code: 'NOT_SUPPORTED', path: 'message', message: 'What an incoming webhook has posted can be replaced only by `replyTo`.' },
    };
  // Blocks always, for those of before would stay where none are given.
  const body: Body = alert
    ? { text: `${alertText(alert)}\n${escaped(text)}`, blocks: [...alertBlocks(alert), note(text)] }
    : { text: escaped(text), blocks: textBlocks(text) };
  const answer = await (replyTo === undefined ? replaceById(ctx, message, body) : replaceByAddress(ctx, replyTo, body));
  return 'failed' in answer ? { job: job.id, failed: answer.failed } : { job: job.id, done: null };
}

/** After a press: the message says what was decided and by whom, and cannot be pressed again. */
export const update: Action<typeof settings> = {
  title: 'Replace an alert by what became of it',
  input,
  output: z.null(),
  repeat: 'safe',
  run: async (ctx, jobs) => ({ outcomes: await inTurn(jobs, (job) => updateOne(ctx, job)) }),
};
