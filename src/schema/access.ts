import type { Actor, Role } from '../domain/access/roles.ts';
import { forbidden } from '../domain/shared/errors.ts';
import type { OrderInput } from './order.inputs.ts';

interface Rule {
  readonly roles: ReadonlySet<Role>;
  /** The store that the operation names; a key bound to stores may name its own only. */
  readonly store?: (args: Readonly<Record<string, unknown>>) => string | null | undefined;
  readonly check?: (actor: Actor, args: Readonly<Record<string, unknown>>) => void;
}

type Options = Omit<Rule, 'roles'>;
type Args = Readonly<Record<string, unknown>>;

/** ADMIN may everything. */
const only = (...roles: Role[]): Rule => ({ roles: new Set<Role>(['ADMIN', ...roles]) });
const bound = (rule: Rule, options: Options): Rule => ({ ...rule, ...options });

const ofOrder = (args: Args): string => (args['input'] as { order: OrderInput }).order.storeId;
const ofInput = (args: Args): string | null | undefined => (args['input'] as { storeId?: string | null }).storeId;

const nobodyElse = only();
const reading = only('MARKETING', 'TILL', 'ACCOUNTING', 'PARTNER');
const atTheTill = only('TILL');
const marketing = only('MARKETING');

/** Who may ask what. What a role may not see inside an answer is null or left out (see the views and resolvers). */
export const ACCESS: Readonly<Record<string, Rule>> = {
  'Query.validate': bound(only('MARKETING', 'TILL', 'ACCOUNTING', 'PARTNER', 'PUBLIC'), { store: ofOrder }),
  'Query.voucher': reading,
  'Query.vouchers': reading,
  'Query.campaign': reading,
  'Query.campaigns': reading,
  'Query.campaignVersion': only('MARKETING', 'ACCOUNTING'),
  'Query.hold': only('MARKETING', 'TILL', 'ACCOUNTING'),
  'Query.holds': only('MARKETING', 'TILL', 'ACCOUNTING'),
  'Query.redemptions': reading,
  'Query.rejections': reading,
  'Query.explain': only('MARKETING', 'TILL', 'ACCOUNTING'),
  'Query.customer': only('MARKETING', 'TILL', 'ACCOUNTING'),
  'Query.segment': reading,
  'Query.segments': reading,
  'Query.stores': only('MARKETING', 'TILL', 'ACCOUNTING', 'PARTNER', 'CONNECTOR'),
  'Query.connectors': only('MARKETING', 'TILL', 'ACCOUNTING', 'PARTNER', 'CONNECTOR'),
  'Query.apps': only('MARKETING', 'ACCOUNTING', 'CONNECTOR'),
  'Query.connections': only('MARKETING', 'ACCOUNTING', 'CONNECTOR'),
  'Query.connectionChoices': nobodyElse,
  'Query.platformLocations': nobodyElse,
  'Query.backfill': only('MARKETING', 'ACCOUNTING'),
  'Query.backfills': only('MARKETING', 'ACCOUNTING'),
  'Query.forwardings': nobodyElse,
  'Query.webhookDeliveries': nobodyElse,
  'Query.outboxJobs': nobodyElse,
  'Query.appliedVouchers': atTheTill,
  'Query.planPublication': marketing,
  'Query.publications': only('MARKETING', 'ACCOUNTING'),
  'Query.mappedProducts': marketing,
  'Query.workflows': reading,
  'Query.ledger': reading,
  'Query.apiKeys': nobodyElse,
  'Query.auditLines': only('ACCOUNTING'),

  'Mutation.createStore': nobodyElse,
  'Mutation.updateStore': nobodyElse,
  'Mutation.upsertCustomer': marketing,
  'Mutation.createSegment': marketing,
  'Mutation.updateSegment': marketing,
  'Mutation.addToSegment': marketing,
  'Mutation.removeFromSegment': marketing,
  'Mutation.createCampaign': marketing,
  'Mutation.activateCampaign': marketing,
  'Mutation.pauseCampaign': marketing,
  'Mutation.endCampaign': marketing,
  'Mutation.updateCampaign': marketing,
  'Mutation.archiveCampaign': marketing,
  'Mutation.cloneCampaign': marketing,
  'Mutation.generateCodes': marketing,
  'Mutation.issueVoucher': only('MARKETING', 'TILL'),
  'Mutation.blockVoucher': marketing,
  'Mutation.cancelVoucher': marketing,
  'Mutation.hold': bound(atTheTill, { store: ofOrder }),
  'Mutation.extendHold': atTheTill,
  'Mutation.releaseHold': atTheTill,
  'Mutation.redeem': bound(atTheTill, { store: ofOrder }),
  'Mutation.reverse': atTheTill,
  'Mutation.recordOrder': bound(only('TILL', 'CONNECTOR'), { store: ofInput, check: ownSource }),
  'Mutation.refundOrder': atTheTill,
  'Mutation.recordEvent': bound(only('MARKETING', 'CONNECTOR'), { store: ofInput }),
  'Mutation.createApiKey': nobodyElse,
  'Mutation.rotateApiKey': nobodyElse,
  'Mutation.revokeApiKey': nobodyElse,
  'Mutation.connect': nobodyElse,
  'Mutation.updateConnection': nobodyElse,
  'Mutation.createApp': nobodyElse,
  'Mutation.updateApp': nobodyElse,
  'Mutation.authorizeConnection': nobodyElse,
  'Mutation.chooseAccount': nobodyElse,
  'Mutation.disconnect': nobodyElse,
  'Mutation.startBackfill': nobodyElse,
  'Mutation.cancelBackfill': nobodyElse,
  'Mutation.reprocessDelivery': nobodyElse,
  'Mutation.retryJob': nobodyElse,
  'Mutation.dropJob': nobodyElse,
  'Mutation.applyVoucher': atTheTill,
  'Mutation.removeVoucher': atTheTill,
  'Mutation.publishCampaign': marketing,
  'Mutation.withdrawCampaign': marketing,
  'Mutation.mapProducts': nobodyElse,
  'Mutation.createForwarding': nobodyElse,
  'Mutation.updateForwarding': nobodyElse,
  'Mutation.deleteForwarding': nobodyElse,
  'Mutation.createWorkflow': marketing,
  'Mutation.activateWorkflow': marketing,
  'Mutation.updateWorkflow': marketing,
  'Mutation.pauseWorkflow': marketing,

  'Subscription.ledger': reading,
  'Subscription.workflowRuns': only('MARKETING', 'ACCOUNTING'),

  /** The CSV of a code batch: reading codes wholesale is no till's business. */
  'Download.codes': only('MARKETING', 'ACCOUNTING'),
};

/** Throws FORBIDDEN. */
export function allow(operation: string, actor: Actor, args: Args): void {
  const rule = ACCESS[operation];
  if (!rule?.roles.has(actor.role)) throw forbidden(`Keys of the role ${actor.role} may not do this.`);
  const storeId = rule.store?.(args);
  if (storeId != null && actor.storeIds !== null && !actor.storeIds.includes(storeId)) throw forbidden('This key is not for that store.');
  rule.check?.(actor, args);
}

/** A connector speaks for its own connection only. */
function ownSource(actor: Actor, args: Args): void {
  const { source } = args['input'] as OrderInput;
  if (actor.role === 'CONNECTOR' && source !== actor.connectionId)
    throw forbidden('The source of a CONNECTOR key’s orders is the id of its connection.');
}
