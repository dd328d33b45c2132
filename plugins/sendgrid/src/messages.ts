import { type Failure, type Job, type Message, type Outcome, type Plain, type Ref, type Verb, z } from '@valehub/connector-kit';
import { JOB_ARGUMENT } from './schemas.ts';
import type { SendGridCtx, settings } from './settings.ts';

const SUBJECT_LENGTH = 78;

const refused = (path: string, message: string): Failure => ({ code: 'BAD_INPUT', path, message });

function fault(message: Message): Failure | undefined {
  if (message.channel !== 'EMAIL') return refused('channel', 'SendGrid sends e-mail only.');
  if (!z.email().safeParse(message.to).success) return refused('to', 'The addressee is no e-mail address.');
  if (message.templateId === undefined && message.text === undefined) return refused('text', 'There is neither a text nor a template.');
  return undefined;
}

function subject(message: Message, fallback: string | undefined): string {
  const [firstLine = ''] = (message.text ?? '').trim().split('\n', 1);
  return message.subject ?? fallback ?? firstLine.slice(0, SUBJECT_LENGTH);
}

function mail(ctx: SendGridCtx, { key, input }: Job<Message>): Plain {
  const { fromEmail, fromName, replyTo, defaultSubject, environment } = ctx.settings;
  const content: { [member: string]: Plain } =
    input.templateId === undefined
      ? { subject: subject(input, defaultSubject), content: [{ type: 'text/plain', value: input.text ?? '' }] }
      : { template_id: input.templateId };
  return {
    personalizations: [
      {
        to: [{ email: input.to, ...(input.toName === undefined ? {} : { name: input.toName }) }],
        custom_args: { [JOB_ARGUMENT]: key },
        ...(input.templateId === undefined ? {} : { dynamic_template_data: { ...input.fields } }),
        ...(input.templateId === undefined || input.subject === undefined ? {} : { subject: input.subject }),
      },
    ],
    from: { email: fromEmail, ...(fromName === undefined ? {} : { name: fromName }) },
    ...(replyTo === undefined ? {} : { reply_to: { email: replyTo } }),
    ...content,
    // SendGrid has no sandbox host: it checks such a message and sends nothing.
    ...(environment === 'sandbox' ? { mail_settings: { sandbox_mode: { enable: true } } } : {}),
  };
}

async function sendOne(ctx: SendGridCtx, job: Job<Message>): Promise<Outcome<Ref>> {
  const wrong = fault(job.input);
  if (wrong) return { job: job.id, failed: wrong };
  const answer = await ctx.tryCall({ path: '/v3/mail/send', json: mail(ctx, job), read: 'none', reply: z.null() });
  if ('failed' in answer) return { job: job.id, failed: answer.failed };
  return { job: job.id, done: { id: answer.headers['x-message-id'] || null } };
}

/** A lost answer leaves open whether the mail went out, and SendGrid takes no key: then a person decides. */
export const send: Verb<Message, Ref, typeof settings> = {
  scopes: ['mail.send'],
  repeat: 'never',
  run: async (ctx, jobs) => {
    const outcomes: Outcome<Ref>[] = [];
    for (const job of jobs) outcomes.push(await sendOne(ctx, job));
    return { outcomes };
  },
};
