import {
  type Action,
  type Alert,
  alertSchema,
  type HubEvent,
  type Job,
  type Message,
  type Outcome,
  type Plain,
  type Ref,
  type Verb,
  z,
} from '@valehub/connector-kit';
import { headerId, tell } from './client.ts';
import type { HookCtx, settings } from './settings.ts';

/** `VOUCHER_REDEEMED` is `voucher.redeemed` in the convention's manner; custom events have such names already. */
const typeOf = (type: string): string => (type.includes('.') ? type : type.toLowerCase().replace('_', '.'));

type One<In, Out> = (ctx: HookCtx, job: Job<In>) => Promise<Outcome<Out>>;

/** The receiver drops doubles by `webhook-id`, so an attempt whose answer was lost is simply made again. */
const verb = <In, Out = Ref>(one: One<In, Out>): Verb<In, Out, typeof settings> => ({
  repeat: { key: { max: 255 } },
  async run(ctx, jobs) {
    const outcomes: Outcome<Out>[] = [];
    for (const job of jobs) outcomes.push(await one(ctx, job));
    return { outcomes };
  },
});

export const event = verb<HubEvent>((ctx, { id, key, input }) =>
  tell(ctx, id, { id: headerId('event', key), type: typeOf(input.type), at: input.at, data: input }),
);

/** `data.id` comes back in `message.status`. */
export const message = verb<Message>(async (ctx, { id, key, input }) => {
  const { channels } = ctx.settings;
  if (channels.includes(input.channel))
    return tell(ctx, id, { id: headerId('message', key), type: 'message.requested', at: ctx.now(), data: { id: key, ...input } });
  const known = channels.join(', ');
  return { job: id, failed: { code: 'NOT_SUPPORTED', path: 'channel', message: `This system takes no ${input.channel}, only ${known}.` } };
});

/** A press of one of the buttons comes back as `alert.pressed`. */
export const alert = verb<Alert>((ctx, { id, key, input }) =>
  tell(ctx, id, { id: headerId('alert', key), type: 'alert.raised', at: ctx.now(), data: input }),
);

const update = z.strictObject({
  /** As the press brought it, or the id that sending the alert gave, and the alert itself. */
  replyTo: z.string().max(2000).optional(),
  message: z.string().max(255).optional(),
  alert: alertSchema.optional(),
  /** What became of it: "Approved by Ana." */
  text: z.string().min(1).max(3_000),
});

/** After a press: the same action, in the same words, as where alerts are shown in a chat. */
export const alertUpdate: Action<typeof settings> = {
  title: 'Tell what became of an alert',
  input: update,
  output: z.null(),
  ...verb<Plain, null>(async (ctx, { id, key, input }) => {
    const parsed = update.safeParse(input);
    if (!parsed.success)
      return {
        job: id,
        failed: { code: 'BAD_INPUT', message: `The update is not in its form: ${parsed.error.issues[0]?.message ?? 'unknown'}.` },
      };
    const outcome = await tell(ctx, id, { id: headerId('update', key), type: 'alert.updated', at: ctx.now(), data: parsed.data });
    return 'done' in outcome ? { job: id, done: null } : outcome;
  }),
};

/** For whoever sets the receiver up, and wants to see something arrive. */
export const ping: Action<typeof settings> = {
  title: 'Send a test event',
  input: z.strictObject({}),
  output: z.strictObject({ id: z.string() }),
  ...verb<Plain>((ctx, { id, key }) => tell(ctx, id, { id: headerId('ping', key), type: 'hub.ping', at: ctx.now(), data: {} })),
};
