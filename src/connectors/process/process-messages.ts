import type { Credential, Desk, Failure, Pace } from '@valehub/connector-kit';
import type { CallReport, GateUse, Operation, Ran } from '@valehub/connector-kit/host';
import type { PluginContext } from '../runner/plugin-door.ts';

/** What the hub tells a process. */
export type ToProcess =
  | {
      readonly kind: 'enter';
      readonly id: number;
      readonly operation: Operation;
      readonly context: PluginContext;
      /** Null where the connection takes no credential; `have` is null while there is none. */
      readonly credential: { readonly have: Credential | null } | null;
      readonly withDesk: boolean;
      /** What the hub's clock shows. */
      readonly nowMs: number;
    }
  | { readonly kind: 'abort'; readonly id: number }
  | { readonly kind: 'answer'; readonly ask: number; readonly ok: true; readonly value: unknown }
  | { readonly kind: 'answer'; readonly ask: number; readonly ok: false; readonly failure: Failure }
  | { readonly kind: 'ping' };

/** What a process asks of the hub while an operation runs. */
export type Asked =
  | { readonly what: 'gate'; readonly use: GateUse }
  | { readonly what: 'renew'; readonly stale: Credential | null }
  | { readonly what: 'desk'; readonly verb: keyof Desk; readonly input: unknown };

/** What a process tells the hub. */
export type FromProcess =
  | { readonly kind: 'ready' }
  | { readonly kind: 'unusable'; readonly why: string }
  | { readonly kind: 'done'; readonly id: number; readonly ran: Ran<unknown> }
  | { readonly kind: 'ask'; readonly id: number; readonly ask: number; readonly asked: Asked }
  | { readonly kind: 'over'; readonly id: number; readonly use: GateUse }
  | { readonly kind: 'pace'; readonly id: number; readonly paces: readonly Pace[]; readonly use: GateUse }
  | { readonly kind: 'call'; readonly id: number; readonly report: CallReport }
  | { readonly kind: 'pong'; readonly residentMb: number };

/** More than this much JSON is no result of one operation: 10,000 facts of an order each stay well below. */
export const LARGEST_RESULT = 32_000_000;
