import { FAILURES, type Failure } from '@valehub/connector-kit';

const OPENS_AFTER = 5;
const STAYS_OPEN_MS = 30_000;

interface Circuit {
  failures: number;
  openUntilMs: number;
}

/** Spares a platform that is down: after some failures in a row nothing is called for a while, then one call tries. One a process. */
export class CircuitBreaker {
  readonly #circuits = new Map<string, Circuit>();
  readonly #onChange: (connectionId: string, openUntilMs: number | null) => void;

  /** `onChange`: it opened, or it is whole again (null). */
  constructor(onChange: (connectionId: string, openUntilMs: number | null) => void = () => undefined) {
    this.#onChange = onChange;
  }

  /** Until when nothing is called, epoch ms; null = go ahead. */
  openUntil(connectionId: string, nowMs: number): number | null {
    const circuit = this.#circuits.get(connectionId);
    return circuit !== undefined && circuit.openUntilMs > nowMs ? circuit.openUntilMs : null;
  }

  open(nowMs: number): readonly string[] {
    return [...this.#circuits].filter(([, circuit]) => circuit.openUntilMs > nowMs).map(([id]) => id);
  }

  report(connectionId: string, failure: Failure | undefined, nowMs: number): void {
    if (failure === undefined || !FAILURES[failure.code].trips) {
      if ((this.#circuits.get(connectionId)?.openUntilMs ?? 0) > 0) this.#onChange(connectionId, null);
      this.#circuits.delete(connectionId);
      return;
    }
    const circuit = this.#circuits.get(connectionId) ?? { failures: 0, openUntilMs: 0 };
    circuit.failures += 1;
    if (circuit.failures >= OPENS_AFTER) {
      circuit.openUntilMs = nowMs + STAYS_OPEN_MS;
      this.#onChange(connectionId, circuit.openUntilMs);
    }
    this.#circuits.set(connectionId, circuit);
  }
}
