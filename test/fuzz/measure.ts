/** `measure.ts FILE`: inspects one archive in a process of its own and prints what it took, as JSON. */
import { readFileSync } from 'node:fs';
import { inspect } from '@tarwarden/core';

const [file = ''] = process.argv.slice(2);
const bytes = readFileSync(file);
const started = performance.now();
const verdict = inspect(bytes);
const milliseconds = Math.round(performance.now() - started);
const rules = [...new Set(verdict.findings.map(({ rule }) => rule))];
const { maxRSS } = process.resourceUsage();
console.log(
  JSON.stringify({ status: verdict.status, rules, milliseconds, maxRssMiB: maxRSS >> 10 }),
);
