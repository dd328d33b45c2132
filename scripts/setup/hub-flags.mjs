/** What Node gets when it runs the hub; the Dockerfile says the same. */
export const HUB_FLAGS = [
  // Node says once a process that some parts are experimental; they are chosen knowingly.
  '--disable-warning=ExperimentalWarning',
  // Left alone for eight seconds, V8 collects what a quiet process could spare, and with it what compiled code rests on: the first
  // seconds of the next rush then cost half as much again (docs/reference/performance.md). It cannot be switched off from within.
  '--no-memory-reducer',
];
