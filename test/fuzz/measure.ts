/** `measure.ts FILE`: inspects one archive in a process of its own and prints what it took, as JSON. */
import { readFileSync } from 'node:fs';
import { inspect, type Verdict } from '@tarwarden/core';
import { scanFile } from '../../packages/guard/src/inspect/inspect-file.ts';

const [file = ''] = process.argv.slice(2);
const started = performance.now();
const verdict = file.endsWith('.whl') ? scanned() : inspect(readFileSync(file));
const milliseconds = Math.round(performance.now() - started);
const rules = [...new Set(verdict.findings.map(({ rule }) => rule))];
console.log(
  JSON.stringify({ status: verdict.status, rules, milliseconds, maxRssMiB: peakKiB() >> 10 }),
);

/** Most memory that was held, in KiB. On Linux `maxRSS` begins with that of the process which started this one. */
function peakKiB(): number {
  if (process.platform === 'linux') {
    const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (peak !== undefined) return Number(peak);
  }
  return process.resourceUsage().maxRSS;
}

/** As `tarwarden scan` does, which reads large wheels in parts. */
function scanned(): Verdict {
  const result = scanFile(file, {});
  if ('error' in result) throw new Error(JSON.stringify(result.error));
  return result.verdict;
}
