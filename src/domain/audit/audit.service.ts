import type pg from 'pg';
import { z } from 'zod';
import type { CampaignTerms } from '../decision/decision.types.ts';
import type { Page, PageRequest } from '../list/list.types.ts';
import { pageOf, placeBefore, writeCursor } from '../list/page.ts';
import { Where } from '../list/where.ts';
import { instantText } from '../shared/clock.ts';
import type { AuditFilter, AuditRecord } from './audit.types.ts';
import { readRedeemLines } from './redeem-lines.ts';

interface AuditMeans {
  readonly pool: pg.Pool;
  campaign(id: string): CampaignTerms | undefined;
}

interface Row extends Omit<AuditRecord, 'id' | 'at'> {
  readonly number: number;
  readonly at: Date;
}

const KIND = 'auditLines';
const LINE_ID = /^aud_[0-9a-f]{16}$/;
const Place = z.tuple([z.literal(KIND), z.int().nonnegative(), z.string().regex(/^aud_(?:[0-9a-f]{16}|[0-9a-f]{32})$/)]);

/** Who changed what: the lines that mutations wrote, and the redeems among them. */
export class AuditService {
  readonly #means: AuditMeans;

  constructor(means: AuditMeans) {
    this.#means = means;
  }

  /** Newest first; of one moment redeems before the others. */
  async lines(filter: AuditFilter, page: PageRequest): Promise<Page<AuditRecord>> {
    const place = placeBefore(page, Place);
    const after = place ? { at: place[1], id: place[2] } : null;
    const limit = page.first + 1;
    const [redeems, others] = await Promise.all([
      readRedeemLines(this.#means.pool, (id) => this.#means.campaign(id), filter, after && redeemsBelow(after), limit),
      this.#written(filter, after, limit),
    ]);
    const lines = [...redeems, ...others].sort(newestFirst).slice(0, limit);
    return pageOf(lines, page, ({ at, id }) => writeCursor(KIND, Date.parse(at), id));
  }

  async #written(filter: AuditFilter, after: { at: number; id: string } | null, limit: number): Promise<AuditRecord[]> {
    const where = new Where()
      .given('actor_id = any(?)', filter.actorIds)
      .given('operation = any(?)', filter.operations)
      .given('subject_id = ?', filter.subjectId)
      .given('at >= ?', filter.from)
      .given('at < ?', filter.to);
    if (after) {
      const at = where.place(instantText(after.at));
      // Of the cursor's moment all are still to come where it stands on a redeem.
      where.raw(
        LINE_ID.test(after.id) ? `(at, id) < (${at}, ${where.place(Number.parseInt(after.id.slice(4), 16))}::bigint)` : `at <= ${at}`,
      );
    }
    const { rows } = await this.#means.pool.query<Row>(
      `select id as number, at, actor_id as "actorId", operation, subject_id as "subjectId", before, after from audit_line
       where ${where} order by at desc, id desc limit ${limit}`,
      where.values,
    );
    return rows.map(({ number, at, ...line }) => ({
      ...line,
      id: `aud_${number.toString(16).padStart(16, '0')}`,
      at: instantText(at.getTime()),
    }));
  }
}

/** The id under which the redeems begin that come after a place. */
function redeemsBelow({ at, id }: { readonly at: number; readonly id: string }): string {
  return LINE_ID.test(id) ? `rdm_${at.toString(16).padStart(12, '0')}` : `rdm_${id.slice('aud_'.length)}`;
}

function newestFirst(a: AuditRecord, b: AuditRecord): number {
  if (a.at !== b.at) return a.at < b.at ? 1 : -1;
  if (a.id.length !== b.id.length) return b.id.length - a.id.length;
  return a.id < b.id ? 1 : -1;
}
