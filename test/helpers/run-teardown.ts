type Teardown = () => Promise<void>;
type RunGlobals = typeof globalThis & { valehubTeardown?: Teardown };

/** Jest loads the set-up and the end of a run as two modules of one process; the global object is what they share. */
export function rememberTeardown(teardown: Teardown): void {
  (globalThis as RunGlobals).valehubTeardown = teardown;
}

export async function runTeardown(): Promise<void> {
  await (globalThis as RunGlobals).valehubTeardown?.();
}
