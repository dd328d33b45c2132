import {
  exactNumber,
  type Failure,
  type Job,
  type JsonBody,
  type Message,
  type Outcome,
  type Ref,
  type Verb,
  z,
} from '@valehub/connector-kit';
import { ask } from './client.ts';
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

interface Content {
  /** Of the one person that it goes to. */
  readonly personal: { readonly [member: string]: JsonBody };
  readonly common: { readonly [member: string]: JsonBody };
}

/** A template with the message's fields, or a text: in the template for texts where there is one, else as it is. */
function contentOf({ settings: { defaultSubject, defaultTemplate } }: SendGridCtx, message: Message): Content {
  const { templateId, text = '', fields } = message;
  if (templateId !== undefined)
    return {
      personal: { dynamic_template_data: { ...fields }, ...(message.subject === undefined ? {} : { subject: message.subject }) },
      common: { template_id: templateId },
    };
  const line = subject(message, defaultSubject);
  return defaultTemplate === undefined
    ? { personal: {}, common: { subject: line, content: [{ type: 'text/plain', value: text }] } }
    : {
        personal: { dynamic_template_data: { ...fields, text, subject: line }, subject: line },
        common: { template_id: defaultTemplate },
      };
}

function mail(ctx: SendGridCtx, { key, input }: Job<Message>): JsonBody {
  const { fromEmail, fromName, replyTo, unsubscribeGroup, environment } = ctx.settings;
  const { personal, common } = contentOf(ctx, input);
  return {
    personalizations: [
      {
        to: [{ email: input.to, ...(input.toName === undefined ? {} : { name: input.toName }) }],
        // SendGrid keeps arguments for long and takes them for nothing personal, so they hold no more than the key.
        custom_args: { [JOB_ARGUMENT]: key },
        ...personal,
      },
    ],
    from: { email: fromEmail, ...(fromName === undefined ? {} : { name: fromName }) },
    ...(replyTo === undefined ? {} : { reply_to: { email: replyTo } }),
    ...common,
    ...(unsubscribeGroup === undefined ? {} : { asm: { group_id: exactNumber(unsubscribeGroup) } }),
    // SendGrid has no sandbox host: it checks such a message and sends nothing.
    ...(environment === 'sandbox' ? { mail_settings: { sandbox_mode: { enable: true } } } : {}),
  };
}

async function sendOne(ctx: SendGridCtx, job: Job<Message>): Promise<Outcome<Ref>> {
  const wrong = fault(job.input);
  if (wrong) return { job: job.id, failed: wrong };
  const answer = await ask(ctx, 'mail', { path: '/v3/mail/send', json: mail(ctx, job), read: 'none', reply: z.null() });
  if ('failed' in answer) return { job: job.id, failed: answer.failed };
  return { job: job.id, done: { id: answer.headers['x-message-id'] || null } };
}

/**
 * A lost answer leaves open whether the mail went out, and SendGrid takes no key: then a person decides. So each message is a call of its
 * own, though a call could carry a thousand: what is not known is known of one person only.
 */
export const send: Verb<Message, Ref, typeof settings> = {
  scopes: ['mail.send'],
  repeat: 'never',
  run: async (ctx, jobs) => {
    const outcomes: Outcome<Ref>[] = [];
    for (const job of jobs) outcomes.push(await sendOne(ctx, job));
    return { outcomes };
  },
};
