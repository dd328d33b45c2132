import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { ormRunner } from '../../database/transaction.ts';
import { notFound } from '../shared/errors.ts';
import { isStorable } from '../shared/input-checks.ts';
import { Campaign } from './campaign.entity.ts';
import { closeGate } from './terms-lock.ts';

// What a change of a campaign reads first, in its transaction.

/** NOT_FOUND where there is none. */
export async function lockCampaign(em: EntityManager, id: string): Promise<Campaign> {
  if (!isStorable(id)) throw notFound('campaign', id);
  await closeGate(ormRunner(em), id);
  const campaign = await em.findOne(Campaign, id, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!campaign) throw notFound('campaign', id);
  return campaign;
}

/** NOT_FOUND where there is none. A campaign never changes its parent. */
export async function parentOf(em: EntityManager, id: string): Promise<string | null> {
  const rows = isStorable(id) ? await ormRunner(em).query('select parent_id as parent from campaign where id = $1', [id]) : [];
  if (!rows[0]) throw notFound('campaign', id);
  return rows[0]['parent'] as string | null;
}

/** In one order. */
export const subsOf = (em: EntityManager, mainId: string, lock: boolean): Promise<Campaign[]> =>
  em.find(Campaign, { parentId: mainId }, { orderBy: { id: 'asc' }, ...(lock && { lockMode: LockMode.PESSIMISTIC_WRITE }) });

/** Whether codes are out, and in which currencies they were used where the campaign has none yet. */
export async function usedSoFar(em: EntityManager, family: readonly Campaign[], campaign: Campaign) {
  const own = JSON.stringify(family.filter(({ id, parentId }) => id === campaign.id || parentId === campaign.id).map(({ id }) => ({ id })));
  const run = ormRunner(em);
  const codes = await run.query(
    'select 1 from json_to_recordset($1::json) as given (id text) where exists (select from code_batch where campaign_id = given.id) limit 1',
    [own],
  );
  const used =
    campaign.currency === null && codes.length > 0
      ? await run.query(
          'select distinct currency from redemption where campaign_id in (select id from json_to_recordset($1::json) as given (id text))',
          [own],
        )
      : [];
  return { codesOut: codes.length > 0, redeemedIn: used.map(({ currency }) => currency as string) };
}
