import type { InputFault } from '../shared/errors.ts';
import { MAX_CODE_LENGTH, normaliseCode, readCode } from './code-normalise.ts';

const MIN_WORD_LENGTH = 3;
/** Signs that a till can type, and no beginning that a spreadsheet would take for a formula. */
const WORD = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._%&!/#*$+]*$/u;

/** What is wrong with a word that everybody uses (`SUMMER10`), as it was typed; it is kept normalised. Paths are relative. */
export function checkSharedWord(typed: string): InputFault[] {
  const fault = (message: string): InputFault[] => [{ path: 'shared', message }];
  const word = normaliseCode(typed);
  if (word.length < MIN_WORD_LENGTH || !readCode(typed).wellFormed) {
    return fault(`A shared word has ${MIN_WORD_LENGTH} to ${MAX_CODE_LENGTH} characters, not counting spaces and dashes.`);
  }
  return WORD.test(word)
    ? []
    : fault('A shared word begins with a letter or digit and may hold letters, digits and . _ % & ! / # * $ + only.');
}
