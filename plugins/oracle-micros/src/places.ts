import { CallError } from '@valehub/connector-kit';
import type { SimphonyCtx } from './settings.ts';

/** A revenue centre. Neither reference is unique by itself, so a location of the hub is both: `fdmnh144/42`. */
export interface Place {
  readonly locRef: string;
  readonly rvcRef: string;
}

/** Simphony forces the references of headers to lower case, so the hub's name of a place is in lower case too. */
export const locationOf = ({ locRef, rvcRef }: Place): string => `${locRef.toLowerCase()}/${rvcRef}`;

export function placeOf(location: string): Place {
  const at = location.lastIndexOf('/');
  if (at > 0 && /^\d+$/.test(location.slice(at + 1))) return { locRef: location.slice(0, at), rvcRef: location.slice(at + 1) };
  throw new CallError({
    code: 'BAD_INPUT',
    message: `A location of Simphony is written as location/revenue centre, such as fdmnh144/42; ${location.slice(0, 60)} is not.`,
    path: 'settings.locations',
  });
}

/** Where a check may be: the place in question first, then all others that the settings name, for checks move between revenue centres. */
export function placesOf(ctx: SimphonyCtx): readonly Place[] {
  const locations = [...new Set([...(ctx.location === undefined ? [] : [ctx.location]), ...ctx.locations])];
  if (locations.length === 0)
    throw new CallError({
      code: 'BAD_INPUT',
      message: 'Nobody has said yet which revenue centres this connection is about; name them in its locations.',
      path: 'settings.locations',
    });
  return locations.map(placeOf);
}

/** What every call about checks has to say. */
export const placeHeaders = (ctx: SimphonyCtx, { locRef, rvcRef }: Place): Readonly<Record<string, string>> => ({
  'simphony-orgshortname': ctx.settings.organization,
  'simphony-locref': locRef,
  'simphony-rvcref': rvcRef,
});
