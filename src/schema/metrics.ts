import { Counter, Gauge, type Registry } from 'prom-client';

/** The API's figures. Counters are bound to their labels once: they run on every request. */
export interface GraphqlMetrics {
  readonly straight: Countable;
  readonly throughApollo: Countable;
  fault(code: string): void;
}

interface Countable {
  inc(): void;
}

export function graphqlMetrics(registry: Registry): GraphqlMetrics {
  const registers = [registry];
  const requests = new Counter({
    name: 'valehub_graphql_requests_total',
    help: 'GraphQL requests over HTTP by the way they took.',
    labelNames: ['way'],
    registers,
  });
  const faults = new Counter({
    name: 'valehub_graphql_faults_total',
    help: 'Faults told to callers, by code. Refused vouchers are no faults.',
    labelNames: ['code'],
    registers,
  });
  return {
    straight: requests.labels({ way: 'straight' }),
    throughApollo: requests.labels({ way: 'apollo' }),
    fault: (code) => faults.inc({ code }),
  };
}

export function watchSockets(registry: Registry, open: () => number): void {
  new Gauge({
    name: 'valehub_sockets_open',
    help: 'WebSockets that are open.',
    registers: [registry],
    collect() {
      this.set(open());
    },
  });
}
