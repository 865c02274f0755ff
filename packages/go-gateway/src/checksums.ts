/* What go.sum and the module cache say that a module zip is. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { GoSettings } from './go-settings.ts';

/** Bytes of a go.sum that is read; large projects have one of a megabyte. */
const MAX_SUM_BYTES = 64 * 1024 * 1024;

/** `h1:` hashes by `module version`. More than one where the files differ: go itself decides then. */
export type Pins = ReadonlyMap<string, ReadonlySet<string>>;

/** The pins of go.sum beside go.mod, and of go.work.sum beside go.work. */
export function readPins({ GOMOD, GOWORK }: Pick<GoSettings, 'GOMOD' | 'GOWORK'>): Pins {
  const pins = new Map<string, Set<string>>();
  const files = [
    ...(GOMOD.endsWith('.mod') ? [join(dirname(GOMOD), 'go.sum')] : []),
    ...(GOWORK.endsWith('.work') ? [`${GOWORK}.sum`] : []),
  ];
  for (const file of files) {
    for (const [module, sum] of parseSums(read(file) ?? '')) {
      const sums = pins.get(module) ?? new Set();
      pins.set(module, sums.add(sum));
    }
  }
  return pins;
}

/** The lines about zips; those about go.mod files have a version that ends in `/go.mod`. */
export function parseSums(text: string): [module: string, sum: string][] {
  return text.split('\n').flatMap((line): [string, string][] => {
    const [path, version, sum, ...more] = line.trim().split(/\s+/);
    if (path === undefined || version === undefined || sum === undefined || more.length > 0)
      return [];
    return version.endsWith('/go.mod') ? [] : [[`${path} ${version}`, sum]];
  });
}

/** What the cache itself notes beside a zip, and what go compares with go.sum instead of the zip. */
export function ziphashOf(zip: string): string | undefined {
  return read(`${zip.slice(0, -'.zip'.length)}.ziphash`)?.trim();
}

function read(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    return text.length > MAX_SUM_BYTES ? undefined : text;
  } catch {
    return undefined;
  }
}
