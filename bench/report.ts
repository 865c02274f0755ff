import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';

import type { Circumstances, PartResult, Report } from './result.ts';

/** `report` with the result of a part instead of that part's last one. `order` is the order of the parts. */
export function merge(
  report: Report,
  [name, result]: readonly [string, PartResult],
  order: readonly string[],
): Report {
  const all = new Map([...Object.entries(report), [name, result] as const]);
  const place = (name: string): number => order.indexOf(name);
  // A part that is no more goes with its figures.
  const kept = [...all].filter(([name]) => order.includes(name));
  return Object.fromEntries(kept.toSorted(([a], [b]) => place(a) - place(b)));
}

/** The results in a file; none where there is no such file. */
export function readReport(file: string): Report {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

export function writeReport(file: string, report: Report): void {
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
}

/** The machine, and its load. */
export function circumstances(): Circumstances {
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    processor: (cpus()[0]?.model ?? 'unknown processor').trim(),
    cores: availableParallelism(),
    load: Number((loadavg()[0] ?? 0).toFixed(1)),
  };
}
