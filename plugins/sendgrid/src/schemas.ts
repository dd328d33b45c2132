import { exactId, z } from '@valehub/connector-kit';

export const errors = z.object({
  errors: z.array(z.object({ message: z.string(), field: z.string().nullish() })).min(1),
  id: z.string().nullish(),
});

export const scopes = z.object({ scopes: z.array(z.string()).optional() });

/** The argument that comes back with every event of a message: the key of the job that sent it. */
export const JOB_ARGUMENT = 'valehub_job';

export const events = z.array(
  z.object({
    event: z.string().min(1),
    timestamp: z.union([z.int(), z.string()]),
    email: z.string().min(1).max(255).optional(),
    sg_event_id: z.string().min(1).optional(),
    asm_group_id: exactId().nullish(),
    reason: z.string().nullish(),
    /** What the other mail server said; of a deferral it is the reason. */
    response: z.string().nullish(),
    type: z.string().nullish(),
    [JOB_ARGUMENT]: z.string().min(1).optional(),
  }),
);
export type SendGridEvent = z.output<typeof events>[number];

const flag = z.boolean().nullish();

/** An event webhook with what it is sent. */
export const eventWebhook = z.object({
  id: exactId(),
  url: z.string().nullish(),
  enabled: flag,
  processed: flag,
  deferred: flag,
  delivered: flag,
  bounce: flag,
  dropped: flag,
  open: flag,
  click: flag,
  spam_report: flag,
  unsubscribe: flag,
  group_unsubscribe: flag,
  group_resubscribe: flag,
  public_key: z.string().nullish(),
});
export const eventWebhooks = z.object({ webhooks: z.array(eventWebhook) });
export const signing = z.object({ public_key: z.string().min(1) });

export const templates = z.object({
  result: z.array(z.object({ id: z.string(), name: z.string() })),
  _metadata: z.object({ next: z.url().nullish() }).nullish(),
});
export const lists = z.object({
  result: z.array(z.object({ id: z.string(), name: z.string() })),
  _metadata: z.object({ next: z.url().nullish() }).nullish(),
});
export const groups = z.array(z.object({ id: exactId(), name: z.string() }));

export const started = z.object({ job_id: z.string().min(1) });
/** A status that is not known is taken for one that goes on. */
export const imported = z.object({ status: z.string(), results: z.object({ errored_count: z.number().nullish() }).nullish() });
/** By the address in lower case: the contact, or why there is none. */
export const foundContacts = z.object({
  result: z.record(z.string(), z.object({ contact: z.object({ id: exactId() }).nullish(), error: z.string().nullish() })),
});
