import { type Fact, type Failure, type FeedPage } from '@valehub/connector-kit';
import type { FeedPosition } from '../../domain/feed/feed.types.ts';
import { instantText } from '../../domain/shared/clock.ts';
import { withoutAgain } from './again.ts';
import { factRows, topicOf } from './fact-rows.ts';
import { missingOrders, seek } from './missing.ts';
import { cursorSince, type ReadingMeans, type Sitting } from './sitting.ts';
import { afterPage, afterWindow, asked, fromFirstPage, leadsNowhere, type Step } from './window.rules.ts';

/** `goesOn`: it is still here that it is read, and still asked for. */
export type Taken = { readonly step: Step; readonly goesOn: boolean } | { readonly failure: Failure };

const stays = (position: FeedPosition): Step => ({ position, ended: null, readUpToMs: null });

/** Takes a page in, or looks for what a window lacks. Its facts and the position behind it are kept in one go. */
export function takeNext(means: ReadingMeans, sitting: Sitting, at: FeedPosition): Promise<Taken> {
  return at.by !== 'cursor' && at.check === true ? takeMissing(means, sitting, at) : takePage(means, sitting, at);
}

async function takePage(means: ReadingMeans, sitting: Sitting, at: FeedPosition): Promise<Taken> {
  const { live, feed, reading, background, clock, location } = sitting;
  const readAtMs = means.clock.now();
  const ran = await means.runner.ask(live, { op: 'feed', name: reading.feed, at: asked(at) }, { location, background });
  if (!ran.ok) return ran.failure.code === 'CURSOR_LOST' ? afterLoss(means, sitting, at, ran.failure) : { failure: ran.failure };
  const page: FeedPage = ran.value;
  if (leadsNowhere(at, page))
    return { failure: { code: 'BAD_REPLY', message: 'A page of the feed says that there is more, and nothing new of where.' } };
  // Of the past a platform may have let go for good what it once had: a back-fill takes nothing back.
  const checks = feed.by !== 'cursor' && feed.complete && !background;
  if (checks) sitting.listed = [...(at.by !== 'cursor' && at.page !== undefined ? sitting.listed : []), ...ordersIn(page.facts)];
  const facts = await withoutAgain({ runner: means.runner, live, background }, page.facts, location ?? null);
  return kept(means, sitting, facts, afterPage(at, page, { feed, checks, clock, nowMs: means.clock.now() }), readAtMs);
}

async function takeMissing(means: ReadingMeans, sitting: Sitting, at: Exclude<FeedPosition, { readonly by: 'cursor' }>): Promise<Taken> {
  const { live, feed, reading, background, clock, location } = sitting;
  const readAtMs = means.clock.now();
  const window = { at, listed: sitting.listed, confirmed: sitting.confirmed };
  const ids = await missingOrders(means.pool, live, reading.location, window);
  if (ids.length === 0) {
    sitting.listed = [];
    return kept(means, sitting, [], afterWindow(feed, at, readAtMs, clock), readAtMs);
  }
  const sought = await seek({ runner: means.runner, live, location, background }, ids, window, readAtMs);
  if ('failure' in sought) return sought;
  sitting.confirmed = sought.confirmed;
  return kept(means, sitting, sought.facts, stays(at), readAtMs);
}

async function kept(means: ReadingMeans, sitting: Sitting, facts: readonly Fact[], step: Step, readAtMs: number): Promise<Taken> {
  const { reading, location, listed, confirmed } = sitting;
  const rows = factRows(facts, topicOf(reading.feed), location ?? null);
  const windows = step.ended === null ? 0 : 1;
  const page = { position: step.position, listed, confirmed, readUpToMs: step.readUpToMs, windows, facts: rows, readAtMs } as const;
  const { mine, asked: wanted, taken } = await means.store.keep(reading, page, means.clock.now());
  if (taken > 0) means.onStored();
  sitting.readUpToMs = Math.max(sitting.readUpToMs, step.readUpToMs ?? 0);
  if (step.position?.by === 'cursor') sitting.cursor = step.position.cursor;
  return { step, goesOn: mine && wanted };
}

/** The platform has forgotten where we were: from the last good time again, once; a page of a window has the whole window to go back to. */
async function afterLoss(means: ReadingMeans, sitting: Sitting, at: FeedPosition, failure: Failure): Promise<Taken> {
  const { live, reading, readUpToMs } = sitting;
  const nowMs = means.clock.now();
  if (at.by !== 'cursor') return at.page === undefined ? { failure } : kept(means, sitting, [], stays(fromFirstPage(at)), nowMs);
  if (at.renewed === true) return { failure };
  const begun = await cursorSince(means, sitting, readUpToMs);
  if ('failure' in begun) return begun;
  if (begun.at?.by !== 'cursor') return { failure };
  const since = instantText(readUpToMs);
  await means.attention.note(
    live.id,
    `The platform has forgotten how far the feed ${reading.feed} was read; it is read again from ${since} on.`,
  );
  return kept(means, sitting, [], stays({ ...begun.at, renewed: true }), nowMs);
}

const ordersIn = (facts: readonly Fact[]): string[] =>
  facts.flatMap((fact) => {
    if (fact.kind === 'order') return [fact.order.externalId];
    return (fact.kind === 'again' || fact.kind === 'gone') && fact.resource === 'order' ? [fact.id] : [];
  });
