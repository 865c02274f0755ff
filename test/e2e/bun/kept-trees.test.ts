/** What the guard keeps of a package stays as it was inspected, whatever bun or a project does to the files that it shares. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { freshEach } from '../../support/fresh-each.ts';
import { available } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import {
  closeBench,
  forget,
  guarded,
  installed,
  makeBench,
  MANIFEST,
  packageJson,
  publish,
  SUBJECT,
} from './guarded.ts';

const INDEX = '#!/usr/bin/env node\r\nconsole.log("ran")\r\n';

describe.skipIf(!available('bun').ok)('bun', () => {
  const bench = freshEach(() => makeBench(), closeBench);
  beforeEach(() => {
    publish(
      bench,
      tgz({ name: SUBJECT, manifest: MANIFEST, files: { 'index.js': INDEX, 'other.js': 'as is' } }),
    );
    bench.sandbox.write(packageJson({ dependencies: { [SUBJECT]: '1.0.0' } }));
  });

  const kept = (file: string): string[] => {
    const trees = join(bench.sandbox.root, 'xdg/cache/tarwarden/bun/trees');
    return readdirSync(trees).map((one) => readFileSync(join(trees, one, 'tree', file), 'utf8'));
  };
  const downloads = (): number =>
    bench.registry.log.filter(({ path }) => path.endsWith('.tgz')).length;

  test('a first line that "bun patch" mends is not kept', async () => {
    expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
    expect(await guarded(bench, ['patch', SUBJECT])).toMatchObject({ code: 0 });
    forget(bench);
    expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
    expect(kept('index.js')).toEqual([INDEX]);
  });

  test('what a project has written into its node_modules does not get into the next one', async () => {
    expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
    const before = downloads();
    writeFileSync(join(installed(bench), 'other.js'), 'edited');
    forget(bench);
    expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
    expect(readFileSync(join(installed(bench), 'other.js'), 'utf8')).toBe('as is');
    expect(kept('other.js')).toEqual(['as is']);
    expect(downloads()).toBe(before + 1);
    forget(bench);
    expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
    expect(downloads()).toBe(before + 1);
  });
});
