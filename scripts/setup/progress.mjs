/** A missing piece: the message is a sentence that says what to do. */
export class SetupError extends Error {
  name = 'SetupError';
}

/** How often something is heard of a long step, in milliseconds. */
const HEARD_EVERY = 10_000;

export function say(text) {
  process.stdout.write(`[set-up] ${text}\n`);
}

/** Time since `began`, as a person reads it. */
export function seconds(began) {
  const spent = (Date.now() - began) / 1000;
  return spent < 90 ? `${spent.toFixed(spent < 10 ? 2 : 0)} s` : `${Math.floor(spent / 60)} min ${Math.round(spent % 60)} s`;
}

/** Runs one step, says what it does and how long it took, and is heard of in between. */
export async function step(name, what, work) {
  const began = Date.now();
  let doing = what;
  say(`${name}: ${doing} ...`);
  const tick = setInterval(() => say(`${name}: still ${doing.replace(/ \(.*\)$/, '')} (${seconds(began)})`), HEARD_EVERY);
  const now = (text) => {
    doing = text;
    say(`${name}: ${doing} ...`);
  };
  try {
    await work(now);
  } finally {
    clearInterval(tick);
  }
  say(`${name}: done in ${seconds(began)}`);
}
