import type { Day, Fact } from '@valehub/connector-kit';
import { checksOf } from './client.ts';
import { hubOrder } from './normalise.ts';
import type { Check } from './schemas.ts';
import type { UpserveCtx } from './settings.ts';

const DAY_MS = 86_400_000;
const ID = /^(\d{4}-\d\d-\d\d)\/(.+)$/;

/** Upserve finds a check by its trading day only, so the id says when it was opened, which never changes. */
const idOf = (check: Check): string => `${check.open_time.slice(0, 10)}/${check.id}`;

export const factOf = (ctx: UpserveCtx, check: Check, day: Day): Fact => {
  // Upserve tells no currency. Until somebody has said which store this is, nothing is booked anyhow.
  const till = { money: ctx.money, currency: ctx.store()?.currency ?? 'USD' };
  return { kind: 'order', order: hubOrder(till, check, { externalId: idOf(check), businessDay: day }) };
};

const dayAfter = (day: Day, days: number): Day => new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** The trading days that a check of this UTC date may be listed on: an evening in America is on the day before, a forgotten one later. */
const daysOf = (opened: Day, today: Day): readonly Day[] =>
  [opened, dayAfter(opened, -1), dayAfter(opened, 1)].filter((day) => day <= today);

export async function readOrders(ctx: UpserveCtx, ids: readonly string[]): Promise<readonly Fact[]> {
  const read = new Map<Day, readonly Check[]>();
  const today = ctx.now().slice(0, 10);

  async function find(opened: Day, id: string): Promise<Fact | undefined> {
    for (const day of daysOf(opened, today)) {
      const checks = read.get(day) ?? (await checksOf(ctx, day));
      read.set(day, checks);
      const found = checks.find((check) => check.id === id);
      if (found) return factOf(ctx, found, day);
    }
    return undefined;
  }

  const facts: Fact[] = [];
  for (const id of ids) {
    const [, opened, check] = ID.exec(id) ?? [];
    const found = opened === undefined || check === undefined ? undefined : await find(opened, check);
    facts.push(found ?? { kind: 'gone', resource: 'order', id });
  }
  return facts;
}
