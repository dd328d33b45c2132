import { type Instant, type JsonBody, type Outcome, type Ref, z } from '@valehub/connector-kit';
import type { HookCtx } from './settings.ts';

export interface Telling {
  /** The same for every attempt: by it the receiver knows a repeat. */
  readonly id: string;
  readonly type: string;
  readonly at: Instant;
  readonly data: JsonBody;
}

/** Ids are signed between full stops, so none may hold one; and a header takes no more than plain characters. */
export const headerId = (kind: string, key: string): string => `${kind}_${encodeURIComponent(key).replaceAll('.', '%2E')}`;

const LONGEST_REF = 255;

/** Posts to the one address. Any 2xx is a yes, whatever stands in its body. */
export async function tell(ctx: HookCtx, job: string, { id, type, at, data }: Telling): Promise<Outcome<Ref>> {
  const answer = await ctx.tryCall({
    path: '',
    headers: { 'webhook-id': id },
    json: { type, timestamp: at, data },
    read: 'none',
    reply: z.null(),
  });
  // The receiver gives none, so its id at the hub's side stands for it, where there is room.
  return 'failed' in answer ? { job, failed: answer.failed } : { job, done: { id: id.length > LONGEST_REF ? null : id } };
}
