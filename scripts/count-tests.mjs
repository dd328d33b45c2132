// Prints `tests: N passed, N failed` from jest's JSON result. A suite that could not even run counts as one failed test.
// The exit code is 0 only where tests ran and none failed.
import { existsSync, readFileSync } from 'node:fs';

const [path = ''] = process.argv.slice(2);
const result = existsSync(path)
  ? JSON.parse(readFileSync(path, 'utf8'))
  : { numPassedTests: 0, numFailedTests: 0, numRuntimeErrorTestSuites: 0 };
const passed = result.numPassedTests;
const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
console.log(`tests: ${passed} passed, ${failed} failed`);
process.exitCode = passed > 0 && failed === 0 ? 0 : 1;
