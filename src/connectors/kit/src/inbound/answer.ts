import type { Plain } from '../plain.ts';
import type { Question } from '../questions.ts';

/** An answer as it leaves. */
export interface SentAnswer {
  readonly status: number;
  readonly body: Plain;
}

/** Takes the status out of an answer, where the question says that it holds one; else it is 200. */
export function sentAnswer({ statusMember }: Pick<Question, 'statusMember'>, answer: Plain): SentAnswer {
  if (statusMember === undefined || answer === null || typeof answer !== 'object' || Array.isArray(answer))
    return { status: 200, body: answer };
  const { [statusMember]: status, ...body } = answer as { readonly [name: string]: Plain };
  const isStatus = typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599;
  return { status: isStatus ? status : 200, body };
}
