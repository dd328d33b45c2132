import type { Actor } from '../domain/access/roles.ts';
import type { Hub } from '../domain/hub.ts';
import { languageOf, type TextSetting } from '../domain/shared/reason-texts.ts';
import type { WorkflowService } from '../domain/workflow/workflow.service.ts';
import type { Attempts } from './attempts.ts';
import { Loaders } from './loaders.ts';
import type { BackfillPort, CheckPort, ConnectorDesk, FeedPort, ForwardingPort, LinkDesks, PublicationPort, TrafficPort } from './ports.ts';

/** What the API works with, one a process. */
export interface Services {
  readonly hub: Hub;
  readonly connectors: ConnectorDesk;
  readonly links: LinkDesks;
  readonly feeds: FeedPort;
  readonly backfills: BackfillPort;
  readonly forwardings: ForwardingPort;
  readonly publications: PublicationPort;
  readonly traffic: TrafficPort;
  readonly checks: CheckPort;
  readonly workflows: WorkflowService;
  readonly attempts: Attempts;
  /** A signal that nobody aborts. */
  readonly never: AbortSignal;
}

/** Who asks, and from where. */
export interface Caller {
  readonly actor: Actor;
  /** The key as it came, to ask again whether it still holds. */
  readonly secret: string;
  /** Worked out when asked for: few requests need it. */
  address(): string;
  readonly acceptLanguage: string | undefined;
}

const DEFAULT_LANGUAGE = 'es';
const DEFAULT_ZONE = 'Europe/Madrid';

/** What resolvers get: one a request (one an event in a subscription). */
export class Context {
  readonly services: Services;
  readonly caller: Caller;
  readonly hub: Hub;
  readonly actor: Actor;
  readonly loaders: Loaders;
  /** Aborts when a subscription is over; never for a request. */
  readonly signal: AbortSignal;

  constructor(services: Services, caller: Caller, signal: AbortSignal = services.never) {
    this.services = services;
    this.caller = caller;
    this.hub = services.hub;
    this.actor = caller.actor;
    this.loaders = new Loaders(services);
    this.signal = signal;
  }
}

/** The language and clock in which a text is made for this caller. */
export function textSetting(context: Context, storeId: string | null): TextSetting {
  const store = storeId === null ? undefined : context.hub.stores.terms(storeId);
  return {
    language: languageOf(context.caller.acceptLanguage, store?.language ?? DEFAULT_LANGUAGE),
    timeZone: store?.timeZone ?? DEFAULT_ZONE,
    storeName: (id) => context.hub.stores.terms(id)?.name,
  };
}

/** They see of a campaign its id, name and status only. */
export const seesMaskedCampaigns = (actor: Actor): boolean => actor.role === 'PUBLIC' || actor.role === 'TILL' || actor.role === 'PARTNER';
export const isPublic = (actor: Actor): boolean => actor.role === 'PUBLIC';
