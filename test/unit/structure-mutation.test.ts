import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parts as plain } from '../../scripts/mutation-parts.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const parts = plain as Record<string, { sources: readonly string[]; tests: readonly string[] }>;

/** Files that a pattern means. A star stands for part of a name. */
function matching(pattern: string): string[] {
  const folder = dirname(pattern);
  const name = pattern.slice(folder.length + 1);
  const wanted = new RegExp(`^${name.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
  return readdirSync(join(root, folder)).filter((one) => wanted.test(one));
}

it.each(Object.entries(parts))(
  'the part %s of a mutation run has files and tests',
  (_name, part) => {
    const named = [...part.sources.filter((one) => !one.startsWith('!')), ...part.tests];
    expect(part.sources.length * part.tests.length).toBeGreaterThan(0);
    expect(named.filter((pattern) => matching(pattern).length === 0)).toEqual([]);
  },
);
