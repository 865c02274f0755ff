import { DEFAULT_POLICY, inspect, type Verdict } from '@tarwarden/core';
import { formatBlock } from '@tarwarden/core/report';
import { explain, explanationJson } from '@tarwarden/explain';
import { interrupted } from '../interrupt.ts';
import { mutated, randomGenome, readerOf, type Genome, type Random } from './genome.ts';
import type { Family } from './family.ts';
import { MAX_BYTES } from './shapes.ts';

/** Processor time that an archive may take: half a second for each megabyte, but a second in all. */
const MS_PER_MEGABYTE = 500;
const MOST_MS = 1000;
/** The cost that even a small archive may have: a full set of findings, and 16 MiB of zeros in 16 kB. */
const FLOOR_MS = 100;

/** The most expensive archive of a family that was found. */
export interface Worst {
  readonly genome: Genome;
  readonly bytes: number;
  readonly milliseconds: number;
  /** Time over what is allowed for its size. */
  readonly share: number;
  readonly status: Verdict['status'];
  readonly rules: readonly string[];
  /** Archives that were tried. */
  readonly tried: number;
}

export function allowedMs(bytes: number): number {
  return Math.min(MOST_MS, FLOOR_MS + (bytes / 1e6) * MS_PER_MEGABYTE);
}

/** Hill climbing with new starts, until the time is over. */
export function search(
  family: Family,
  options: { until: number; random: Random },
): Worst | undefined {
  const { until, random } = options;
  let best: Worst | undefined;
  let here: Worst | undefined;
  let idle = 0;
  let tried = 0;
  while (performance.now() < until && !interrupted()) {
    const restart = here === undefined || idle > 25;
    const genome =
      restart || here === undefined
        ? randomGenome(family.genes, random)
        : mutated(family.genes, here.genome, random);
    if (restart) [here, idle] = [undefined, 0];
    const found = weigh(family, genome, ++tried);
    if (found === undefined || found.share <= (here?.share ?? 0)) {
      idle++;
      continue;
    }
    here = found;
    idle = 0;
    if (found.share > (best?.share ?? 0)) best = found;
  }
  return best && { ...best, tried };
}

/** The cost of one archive. Undefined if it is too large to count. */
export function weigh(family: Family, genome: Genome, tried: number): Worst | undefined {
  const bytes = family.build(readerOf(family.genes, genome));
  if (bytes.length > MAX_BYTES) return undefined;
  const first = inspected(family, bytes);
  const { verdict } = first;
  let { milliseconds } = first;
  // Again where it counts, the least of all: garbage, and the machine's other work, are not the archive's doing.
  for (let again = 0; again < 3 && milliseconds > allowedMs(bytes.length) / 4; again++)
    milliseconds = Math.min(milliseconds, inspected(family, bytes).milliseconds);
  return {
    genome,
    bytes: bytes.length,
    milliseconds,
    share: milliseconds / allowedMs(bytes.length),
    status: verdict.status,
    rules: [...new Set(verdict.findings.map(({ rule }) => rule))],
    tried,
  };
}

function inspected(
  family: Family,
  bytes: Uint8Array,
): { readonly verdict: Verdict; readonly milliseconds: number } {
  const format = family.format ?? 'npm';
  const links = family.links ?? 'reject';
  const before = process.cpuUsage();
  const verdict = inspect(bytes, { format, policy: { ...DEFAULT_POLICY, links } });
  if (verdict.findings.length > 0) formatBlock({ subject: 'worst', verdict });
  JSON.stringify(verdict);
  if (family.explained) explanationJson(explain('worst', bytes, verdict));
  const { user, system } = process.cpuUsage(before);
  return { verdict, milliseconds: (user + system) / 1000 };
}
