import { exactId, z } from '@valehub/connector-kit';

const id = exactId();
const ok = z.literal(true);
/** Seconds with six digits behind the point, which is also a message's name: never a number. */
const stamp = z.string().regex(/^\d{1,12}(\.\d{1,6})?$/);

export const posted = z.object({ ok, channel: id, ts: stamp });

/** Response addresses answer a bare `ok`, or the same as JSON. */
export const taken = z
  .string()
  .trim()
  .refine((text) => text === 'ok' || /^\{\s*"ok"\s*:\s*true\b/.test(text), 'Slack did not say ok');

export const identity = z.object({ ok, team_id: id, team: z.string(), user_id: id });

export const channelPage = z.object({
  ok,
  channels: z.array(z.object({ id, name: z.string(), is_private: z.boolean().nullish() })),
  response_metadata: z.object({ next_cursor: z.string().nullish() }).nullish(),
});

/** What comes as JSON: events in an envelope, and what only has a type. */
export const event = z.object({
  type: z.string().min(1),
  team_id: id.nullish(),
  event_id: z.string().min(1).nullish(),
  event_time: z.int().nullish(),
  event: z.object({ type: z.string().min(1), tokens: z.object({ bot: z.array(id).nullish() }).nullish() }).nullish(),
});

/** What comes in a form's `payload`. An app that was installed for a whole organisation has no team. */
export const press = z.object({
  type: z.literal('block_actions'),
  team: z.object({ id }).nullish(),
  enterprise: z.object({ id }).nullish(),
  user: z.object({ id }),
  container: z.object({ message_ts: stamp.nullish(), channel_id: id.nullish() }).nullish(),
  response_url: z.url().max(2000).nullish(),
  actions: z.array(z.object({ action_id: id, block_id: z.string().nullish(), value: z.string().nullish(), action_ts: stamp })),
});

export type Press = z.output<typeof press>;

export const command = z.object({
  team_id: z.string().min(1),
  channel_id: z.string().min(1),
  trigger_id: z.string().min(1).max(400),
  command: z.string().min(1),
  text: z.string().max(10_000).default(''),
});

/** What a log-in answers; `expires_in` and `refresh_token` only where the app has token rotation switched on. */
export const access = z.object({
  ok,
  access_token: z.string().min(1),
  scope: z.string().nullish(),
  expires_in: z.int().positive().nullish(),
  refresh_token: z.string().min(1).nullish(),
  bot_user_id: id.nullish(),
  team: z.object({ id, name: z.string().nullish() }).nullish(),
});
export const refusedAccess = z.object({ ok: z.literal(false), error: z.string().min(1).max(200) });

export const revoked = z.object({ ok });
