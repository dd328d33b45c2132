import type { Choice } from '@valehub/connector-kit';
import { API_VERSION, CONTACTS, DEALS } from './client.ts';
import * as schemas from './schemas.ts';
import type { HubSpotCtx } from './settings.ts';

async function livePipelines(ctx: HubSpotCtx) {
  const { results } = await ctx.call({ path: `/crm/pipelines/${API_VERSION}/${DEALS.name}`, reply: schemas.pipelines, cost: 0 });
  return results.filter(({ archived }) => archived !== true);
}

async function pipelines(ctx: HubSpotCtx): Promise<readonly Choice[]> {
  return (await livePipelines(ctx)).map(({ id, label }) => ({ value: id, label }));
}

async function stages(ctx: HubSpotCtx): Promise<readonly Choice[]> {
  return (await livePipelines(ctx)).flatMap((pipeline) =>
    pipeline.stages
      .filter(({ archived }) => archived !== true)
      .map(({ id, label }) => ({ value: id, label: `${pipeline.label}: ${label}` })),
  );
}

async function emailSubscriptions(ctx: HubSpotCtx): Promise<readonly Choice[]> {
  const { results } = await ctx.call({
    path: `/communication-preferences/${API_VERSION}/definitions`,
    reply: schemas.emailSubscriptions,
    cost: 0,
  });
  return results.filter(({ isActive }) => isActive !== false).map(({ id, name }) => ({ value: id, label: name }));
}

/** Texts that may be written. */
async function contactProperties(ctx: HubSpotCtx): Promise<readonly Choice[]> {
  const { results } = await ctx.call({
    path: `/crm/properties/${API_VERSION}/${CONTACTS.name}`,
    reply: schemas.properties,
    cost: 0,
  });
  return results
    .filter(({ type, modificationMetadata }) => type === 'string' && modificationMetadata?.readOnlyValue !== true)
    .map(({ name, label }) => ({ value: name, label: label ?? name }));
}

export const choices = { pipelines, stages, emailSubscriptions, contactProperties };
