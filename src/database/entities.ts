import { ApiKey } from '../domain/access/api-key.entity.ts';
import { AttemptBudget } from '../domain/access/attempt-budget.entity.ts';
import { AuditLine } from '../domain/audit/audit-line.entity.ts';
import { Campaign } from '../domain/campaign/campaign.entity.ts';
import { CampaignVersion } from '../domain/campaign/campaign-version.entity.ts';
import { CodeBatch } from '../domain/code/code-batch.entity.ts';
import { CodePattern } from '../domain/code/code-pattern.entity.ts';
import { App } from '../domain/connection/app.entity.ts';
import { AuthorizationRequest } from '../domain/connection/authorization-request.entity.ts';
import { Connection } from '../domain/connection/connection.entity.ts';
import { CredentialGrant } from '../domain/connection/credential-grant.entity.ts';
import { Forwarding } from '../domain/connection/forwarding.entity.ts';
import { Notice } from '../domain/connection/notice.entity.ts';
import { CallBudget, OutboxJob } from '../domain/connection/outbox-job.entity.ts';
import { CustomerLink, PlatformDiscountRow, PlatformDocument } from '../domain/connection/platform-record.entity.ts';
import { ProductMapping, PublicationRow } from '../domain/connection/publication.entity.ts';
import { QuestionAnswer } from '../domain/connection/question-answer.entity.ts';
import { WebhookDelivery } from '../domain/connection/webhook-delivery.entity.ts';
import { WebhookSubscription } from '../domain/connection/webhook-subscription.entity.ts';
import { Counter } from '../domain/counter/counter.entity.ts';
import { Customer } from '../domain/customer/customer.entity.ts';
import { Backfill } from '../domain/feed/backfill.entity.ts';
import { FeedReading } from '../domain/feed/feed-reading.entity.ts';
import { Hold } from '../domain/hold/hold.entity.ts';
import { Idempotency } from '../domain/idempotency/idempotency.entity.ts';
import { LedgerEvent, LedgerHead, LedgerIntake, LedgerReader } from '../domain/ledger/ledger.entity.ts';
import { Order } from '../domain/order/order.entity.ts';
import { Refund } from '../domain/order/refund.entity.ts';
import { Allocation } from '../domain/redemption/allocation.entity.ts';
import { Checkout } from '../domain/redemption/checkout.entity.ts';
import { Redemption } from '../domain/redemption/redemption.entity.ts';
import { Rejection } from '../domain/rejection/rejection.entity.ts';
import { Reversal } from '../domain/reversal/reversal.entity.ts';
import { Segment, SegmentMember } from '../domain/segment/segment.entity.ts';
import { Setting } from '../domain/setting/setting.entity.ts';
import { Store } from '../domain/store/store.entity.ts';
import { StoreVersion } from '../domain/store/store-version.entity.ts';
import { Voucher } from '../domain/voucher/voucher.entity.ts';
import { WorkerHeartbeat } from '../domain/workflow/worker-heartbeat.entity.ts';
import { Workflow, WorkflowVersion } from '../domain/workflow/workflow.entity.ts';
import { WorkflowRun, WorkflowStep } from '../domain/workflow/workflow-run.entity.ts';

/** Every table of the hub. A new entity is named here, then `npm run db:migration` writes its migration. */
export const entities = [
  Allocation,
  ApiKey,
  App,
  AttemptBudget,
  AuditLine,
  AuthorizationRequest,
  Backfill,
  CallBudget,
  Campaign,
  CampaignVersion,
  Checkout,
  CodeBatch,
  CodePattern,
  Connection,
  QuestionAnswer,
  PublicationRow,
  ProductMapping,
  Forwarding,
  CustomerLink,
  PlatformDiscountRow,
  PlatformDocument,
  Counter,
  CredentialGrant,
  Customer,
  FeedReading,
  Hold,
  Idempotency,
  LedgerEvent,
  LedgerHead,
  LedgerIntake,
  LedgerReader,
  Notice,
  Order,
  OutboxJob,
  Redemption,
  Refund,
  Rejection,
  Reversal,
  Segment,
  SegmentMember,
  Setting,
  Store,
  StoreVersion,
  Voucher,
  WebhookDelivery,
  WebhookSubscription,
  WorkerHeartbeat,
  Workflow,
  WorkflowRun,
  WorkflowStep,
  WorkflowVersion,
];
