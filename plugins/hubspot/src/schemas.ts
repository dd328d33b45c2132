import { exactId, instantText, z } from '@valehub/connector-kit';

const strings = z.array(exactId());

/** Whatever a refusal may hold, and all of it may be missing. */
export const errorBody = z.object({
  message: z.string().optional(),
  category: z.string().optional(),
  correlationId: z.string().optional(),
  policyName: z.string().optional(),
  errors: z
    .array(
      z.object({
        in: z.string().nullish(),
        context: z
          .object({
            propertyName: strings.optional(),
            requiredScopes: strings.optional(),
            requiredGranularScopes: strings.optional(),
          })
          .nullish(),
      }),
    )
    .nullish()
    .transform((errors) => errors ?? []),
});
export type ErrorBody = z.output<typeof errorBody>;

/** A contact or deal. Values are texts, whatever they mean. */
export const record = z.object({
  id: exactId(),
  properties: z.record(z.string(), z.string().nullish()),
  updatedAt: instantText().optional(),
  archived: z.boolean().optional(),
  objectWriteTraceId: z.string().nullish(),
  url: z.string().nullish(),
});
export type CrmRecord = z.output<typeof record>;

/** One line of a batch that failed, or several. */
const lineError = errorBody.extend({
  context: z.object({ objectWriteTraceId: strings.optional(), existingId: strings.optional(), ids: strings.optional() }).nullish(),
});
export type LineError = z.output<typeof lineError>;
const lineErrors = z
  .array(lineError)
  .nullish()
  .transform((errors) => errors ?? []);

export const batch = z.object({ results: z.array(record), errors: lineErrors });
export type Batch = z.output<typeof batch>;

export const found = z.object({ results: z.array(record) });

/** A reply of which only its faults are of use. */
export const errorsOnly = z.object({ errors: lineErrors });

export const associated = z.object({
  results: z.array(z.object({ from: z.object({ id: exactId() }) })),
  errors: lineErrors,
});

export const account = z.object({
  portalId: exactId(),
  companyCurrency: z.string().nullish(),
  additionalCurrencies: z.array(z.string()).nullish(),
  timeZone: z.string().nullish(),
});

export const properties = z.object({
  results: z.array(
    z.object({
      name: z.string(),
      label: z.string().nullish(),
      type: z.string().nullish(),
      hasUniqueValue: z.boolean().nullish(),
      modificationMetadata: z.object({ readOnlyValue: z.boolean().nullish() }).nullish(),
    }),
  ),
});

const named = { id: exactId(), label: z.string(), archived: z.boolean().nullish() };
export const pipelines = z.object({ results: z.array(z.object({ ...named, stages: z.array(z.object(named)) })) });

export const emailSubscriptions = z.object({
  results: z.array(z.object({ id: exactId(), name: z.string(), isActive: z.boolean().nullish() })),
});

export const webhookSettings = z.object({ targetUrl: z.string().nullish() });
export const subscription = z.object({
  id: exactId(),
  eventType: z.string(),
  propertyName: z.string().nullish(),
  active: z.boolean().nullish(),
});
export const subscriptions = z.object({ results: z.array(subscription) });

/** An event of a webhook. Only what the hub reads; HubSpot says that `eventId` need not be unique. */
export const events = z.array(
  z.object({
    eventId: exactId().optional(),
    subscriptionId: exactId().optional(),
    portalId: exactId(),
    appId: exactId().optional(),
    occurredAt: exactId(),
    subscriptionType: z.string().min(1).max(255),
    objectId: exactId().optional(),
    objectTypeId: z.string().nullish(),
    propertyName: z.string().nullish(),
    changeSource: z.string().nullish(),
    sourceId: exactId().nullish(),
    primaryObjectId: exactId().nullish(),
    mergedObjectIds: strings.nullish(),
    newObjectId: exactId().nullish(),
  }),
);
export type WebhookEvent = z.output<typeof events>[number];
