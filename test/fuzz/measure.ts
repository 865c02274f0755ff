/** `measure.ts FILE`: inspects one archive in a process of its own and prints what it took, as JSON. */
import { readFileSync } from 'node:fs';
import { inspect, type Verdict } from '@tarwarden/core';
import { inspectFile } from '../../packages/cli/src/scan/inspect-file.ts';

const [file = ''] = process.argv.slice(2);
const started = performance.now();
const verdict = file.endsWith('.whl') ? scanned() : inspect(readFileSync(file));
const milliseconds = Math.round(performance.now() - started);
const rules = [...new Set(verdict.findings.map(({ rule }) => rule))];
const { maxRSS } = process.resourceUsage();
console.log(
  JSON.stringify({ status: verdict.status, rules, milliseconds, maxRssMiB: maxRSS >> 10 }),
);

/** As `tarwarden scan` does, which reads large wheels in parts. */
function scanned(): Verdict {
  const result = inspectFile(file, {});
  if ('error' in result) throw new Error(JSON.stringify(result.error));
  return result.verdict;
}
