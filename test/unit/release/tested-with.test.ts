/** docs/tested-with.md names the versions that the tests are pinned to. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { guardable, guardableClassics, repository } from '../../support/managers.ts';

const page = readFileSync(join(repository, 'docs/tested-with.md'), 'utf8');
const manifest = JSON.parse(
  readFileSync(join(repository, 'test/runtimes/package.json'), 'utf8'),
) as Record<'dependencies' | 'optionalDependencies', Record<string, string>>;

it('every pinned runtime is in it, and which can be guarded', () => {
  const pinned = Object.entries({ ...manifest.dependencies, ...manifest.optionalDependencies });
  expect(pinned.length).toBeGreaterThan(10);
  for (const [name, range] of pinned) {
    const version = range.slice(range.lastIndexOf('@') + 1);
    const row = page.split('\n').find((line) => line.startsWith('| ') && line.includes(version));
    const wanted = name.startsWith('node-')
      ? undefined
      : [...guardable, ...guardableClassics, 'bun'].some((one) => one === name);
    expect([name, row !== undefined]).toEqual([name, true]);
    if (wanted !== undefined) expect([name, / yes /.test(row ?? '')]).toEqual([name, wanted]);
  }
});
