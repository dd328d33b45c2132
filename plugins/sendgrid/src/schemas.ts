import { z } from '@valehub/connector-kit';

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
    sg_event_id: z.string().min(1).optional(),
    reason: z.string().nullish(),
    type: z.string().nullish(),
    [JOB_ARGUMENT]: z.string().min(1).optional(),
  }),
);
