import type { Plain } from '@valehub/connector-kit';
import {
  deliver,
  type Fault,
  forgerFor,
  type Platform,
  type PlatformReply,
  type PlatformRequest,
  type Route,
  startPlatform,
} from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { contactRoutes, type Marketing, marketing } from './marketing.ts';

const API_KEY = 'SG.invented.for-tests';
const SENDER = 'hola@casa-pepa.example';

export interface SendGridOptions {
  readonly port?: number;
  readonly now?: () => number;
  /** Rights of the key. */
  readonly scopes?: readonly string[];
  /** How often an import is asked for before it is done; 1 where left out. */
  readonly questions?: number;
  /** Requests in a second. */
  readonly rate?: number;
  readonly fault?: (request: PlatformRequest) => Fault | undefined;
}

/** A mail that went out. */
export interface SentMail {
  readonly id: string;
  readonly to: string;
  readonly job: string;
  readonly template: string | undefined;
  readonly subject: string | undefined;
  readonly text: string | undefined;
  readonly fields: { readonly [name: string]: Plain } | undefined;
}

interface Webhook {
  readonly id: string;
  url: string;
  enabled: boolean;
  flags: { readonly [name: string]: Plain };
  signed: boolean;
}

export interface SendGridStandIn extends Platform {
  /** Settings of a connection that fit it. */
  readonly settings: Readonly<Record<string, string>>;
  /** The public key with which its deliveries are proven, as SendGrid shows it. */
  readonly verificationKey: string;
  /** What went out: the truth to compare with. */
  readonly mails: readonly SentMail[];
  readonly marketing: Marketing;
  readonly webhooks: readonly Webhook[];
  /** Something happens to a mail, or to somebody's without one; told to the hub with the next delivery. */
  happen(event: string, about: SentMail | { readonly to: string }, more?: { readonly [name: string]: Plain }): void;
  /** Sends what has happened in one signed body; undefined where nothing has. Without an address, to the webhook that was set up. `keep` sends it again later. */
  deliver(to?: { readonly url?: string; readonly to?: string; readonly keep?: boolean; readonly at?: number }): Promise<number | undefined>;
}

const refusal = (status: number, message: string, field: string | null = null): PlatformReply => ({
  status,
  body: { errors: [{ message, field }] },
});

interface MailBody {
  readonly personalizations: readonly {
    readonly to: readonly { readonly email: string }[];
    readonly subject?: string;
    readonly custom_args: { readonly valehub_job: string };
    readonly dynamic_template_data?: { readonly [name: string]: Plain };
  }[];
  readonly from: { readonly email: string };
  readonly subject?: string;
  readonly template_id?: string;
  readonly content?: readonly { readonly value: string }[];
  readonly mail_settings?: { readonly sandbox_mode: { readonly enable: boolean } };
}

function mailRoute(mails: SentMail[]): Route {
  return {
    at: 'POST /v3/mail/send',
    handle: (request) => {
      const mail = request.json() as unknown as MailBody;
      const [person] = mail.personalizations;
      const to = person?.to[0]?.email ?? '';
      if (mail.from.email !== SENDER) return refusal(403, 'The from address does not match a verified Sender Identity', 'from');
      if (!/^[^@]+@[^@]+\.[a-z]+$/.test(to))
        return refusal(400, `Does not contain a valid address: ${to}`, 'personalizations.0.to.0.email');
      if (mail.mail_settings?.sandbox_mode.enable) return { status: 200 };
      const id = `MESSAGE-${mails.length + 1}`;
      mails.push({
        id,
        to,
        job: person?.custom_args.valehub_job ?? '',
        template: mail.template_id,
        subject: person?.subject ?? mail.subject,
        text: mail.content?.[0]?.value,
        fields: person?.dynamic_template_data,
      });
      return { status: 202, headers: { 'x-message-id': id } };
    },
  };
}

const HOOKS = '/v3/user/webhooks/event/settings';

function webhookRoutes(webhooks: Webhook[], key: string): readonly Route[] {
  const shown = ({ id, url, enabled, flags, signed }: Webhook): { [name: string]: Plain } => ({
    ...flags,
    id,
    url,
    enabled,
    ...(signed ? { public_key: key } : {}),
  });
  const unsigned = (webhook: Webhook) => shown({ ...webhook, signed: false });
  const change = (webhook: Webhook, request: PlatformRequest): void => {
    const { url, enabled, ...flags } = request.json() as unknown as { url: string; enabled: boolean } & { [name: string]: Plain };
    Object.assign(webhook, { url, enabled, flags });
  };
  const found = ({ params }: PlatformRequest): Webhook | undefined => webhooks.find(({ id }) => id === params['id']);
  const lost = refusal(404, 'webhook not found');
  return [
    { at: `GET ${HOOKS}/all`, handle: () => ({ body: { max_allowed: 2, webhooks: webhooks.map(shown) } }) },
    {
      at: `POST ${HOOKS}`,
      handle: (request) => {
        if (webhooks.length === 2) return refusal(400, 'maximum number of webhooks reached');
        const made: Webhook = { id: `hook-${webhooks.length + 1}`, url: '', enabled: false, flags: {}, signed: false };
        change(made, request);
        webhooks.push(made);
        return { status: 201, body: unsigned(made) };
      },
    },
    {
      at: `PATCH ${HOOKS}/signed/:id`,
      handle: (request) => {
        const webhook = found(request);
        if (!webhook) return lost;
        webhook.signed = true;
        return { body: { id: webhook.id, public_key: key } };
      },
    },
    {
      at: `PATCH ${HOOKS}/:id`,
      handle: (request) => {
        const webhook = found(request);
        if (!webhook) return lost;
        change(webhook, request);
        return { body: unsigned(webhook) };
      },
    },
    {
      at: `DELETE ${HOOKS}/:id`,
      handle: (request) => {
        const webhook = found(request);
        if (!webhook) return lost;
        webhooks.splice(webhooks.indexOf(webhook), 1);
        return { status: 204 };
      },
    },
  ];
}

const SCOPES = ['mail.send', 'marketing.read', 'user.webhooks.event.settings.read', 'user.webhooks.event.settings.update'];

/** Which right a path needs. */
const needed = (path: string): string =>
  path.startsWith('/v3/user/webhooks')
    ? 'user.webhooks.event.settings.update'
    : path.startsWith('/v3/marketing')
      ? 'marketing.read'
      : 'mail.send';

/** A SendGrid account on this machine. */
export async function startSendGrid(options: SendGridOptions = {}): Promise<SendGridStandIn> {
  const now = options.now ?? Date.now;
  const scopes = options.scopes ?? SCOPES;
  const forger = forgerFor(connector);
  const verificationKey = forger.secrets['webhookVerificationKey'] ?? '';
  const mails: SentMail[] = [];
  const webhooks: Webhook[] = [];
  const store = marketing(options.questions ?? 1);
  const pending: { readonly [name: string]: Plain }[] = [];
  let events = 0;

  const guarded = (routes: readonly Route[]): readonly Route[] =>
    routes.map((route) => ({
      ...route,
      handle: (request) => (scopes.includes(needed(request.path)) ? route.handle(request) : refusal(403, 'access forbidden')),
    }));

  const platform = await startPlatform(
    {
      routes: [
        { at: 'GET /v3/scopes', handle: () => ({ body: { scopes: [...scopes] } }) },
        ...guarded([mailRoute(mails), ...webhookRoutes(webhooks, verificationKey), ...contactRoutes(store)]),
      ],
      now,
      authorised: ({ headers }) => headers['authorization'] === `Bearer ${API_KEY}`,
      refusal: refusal(401, 'The provided authorization grant is invalid, expired, or revoked'),
      ...(options.fault ? { fault: options.fault } : {}),
      ...(options.rate === undefined
        ? {}
        : {
            rate: {
              requests: options.rate,
              everyMs: 1000,
              reply: (waitMs: number) => ({
                status: 429,
                headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.ceil((now() + waitMs) / 1000)) },
                body: { errors: [{ field: null, message: 'too many requests' }] },
              }),
            },
          }),
    },
    options.port,
  );

  return {
    ...platform,
    settings: { apiKey: API_KEY, fromEmail: SENDER, apiBaseUrl: platform.url },
    verificationKey,
    mails,
    marketing: store,
    webhooks,
    happen(event, about, more = {}) {
      events += 1;
      const mail = 'job' in about ? { valehub_job: about.job, sg_message_id: `${about.id}.filter-1` } : {};
      pending.push({ email: about.to, timestamp: Math.floor(now() / 1000), event, sg_event_id: `event-${events}`, ...mail, ...more });
    },
    async deliver({ url, to, keep, at } = {}) {
      const registered = url ?? webhooks.find(({ enabled, signed }) => enabled && signed)?.url;
      if (pending.length === 0 || registered === undefined) return undefined;
      // The line end counts: it is signed.
      const body = `${JSON.stringify(keep ? pending : pending.splice(0))}\r\n`;
      return deliver(forger, { url: registered, body, at: at ?? now(), ...(to === undefined ? {} : { to }) });
    },
  };
}
