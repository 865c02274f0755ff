/** Settings of a repository that would put packages past the guard, and the same ones made by the user. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { available, pnpmsByHook } from '../../support/managers.ts';
import {
  cleanTarball,
  declare,
  forget,
  FRESH,
  pnpm,
  printed,
  publish,
  SUBJECT,
  useBench,
} from './guarded.ts';

interface Setting {
  readonly id: string;
  /** Files of the repository. */
  readonly files: Readonly<Record<string, string | object>>;
  /** Where one pnpm alone reads it. */
  readonly only?: string;
}

const yaml = (text: string): Setting['files'] => ({ 'pnpm-workspace.yaml': `${text}\n` });

const settings: readonly Setting[] = [
  { id: 'a store in the project', files: yaml('storeDir: ./store') },
  { id: 'a store elsewhere', files: yaml('storeDir: ../elsewhere') },
  {
    id: 'a store by a YAML anchor',
    files: yaml('x: &s ./store\n"store\\u0044ir": *s'),
  },
  { id: 'a store in .npmrc', files: { '.npmrc': 'store-dir=./store\n' }, only: 'pnpm-10' },
  { id: 'a cache in the project', files: yaml('cacheDir: ./cache') },
  { id: 'a virtual store outside', files: yaml('virtualStoreDir: ../elsewhere/.pnpm') },
  { id: 'a modules folder outside', files: yaml('modulesDir: ../elsewhere/node_modules') },
  {
    id: 'a global virtual store of its own',
    files: yaml('enableGlobalVirtualStore: true\nglobalVirtualStoreDir: ./links'),
    only: 'pnpm-12',
  },
  {
    id: 'a mirror of Node',
    files: yaml('nodeDownloadMirrors:\n  release: http://127.0.0.1:9/'),
  },
  {
    id: 'a mirror of Node in .npmrc',
    files: { '.npmrc': 'node-mirror:release=http://127.0.0.1:9/\n' },
    only: 'pnpm-10',
  },
  {
    id: 'packages from elsewhere than npm',
    files: yaml('python:\n  enabled: true'),
    only: 'pnpm-12',
  },
];

/** The rest with TARWARDEN_E2E_FULL=1. */
const FULL = process.env['TARWARDEN_E2E_FULL'] === '1';

describe.each(pnpmsByHook.filter((name) => available(name).ok))('%s', (name) => {
  const bench = useBench(name);
  beforeEach(() => {
    publish(bench, cleanTarball());
    declare(bench, { dependencies: { [SUBJECT]: '1.0.0' } });
  });

  const installed = (): boolean =>
    existsSync(join(bench.sandbox.project, 'node_modules', SUBJECT, 'package.json'));

  const here = settings.filter(
    ({ only, id }) => (only ?? name) === name && !(name === 'pnpm-10' && id === 'a mirror of Node'),
  );
  test.each(FULL ? here : here.filter((_, at) => at % 3 === 0))(
    'refuses $id',
    async ({ files }) => {
      bench.sandbox.write(files);
      const result = await pnpm(bench, FRESH);
      expect(result.code).not.toBe(0);
      expect(printed(result)).toContain('tarwarden: ');
      expect(installed()).toBe(false);
      expect(bench.registry.downloads()).toEqual([]);
      expect(existsSync(join(bench.sandbox.root, 'elsewhere'))).toBe(false);
    },
  );

  test('takes a virtual store that is in the project', async () => {
    bench.sandbox.write(yaml('virtualStoreDir: ./packages\nmodulesDir: node_modules'));
    expect(await pnpm(bench, FRESH)).toMatchObject({ code: 0 });
    expect(installed()).toBe(true);
  });

  test('takes a store that the user’s files name by a default and by a merged map', async () => {
    const elsewhere = join(bench.sandbox.root, 'user-store');
    bench.sandbox.npmrc(`store-dir=\${NOBODY_SETS_THIS:-${elsewhere}}`);
    bench.sandbox.pnpmConfig(`x: &x {storeDir: "\${NOBODY_SETS_THIS:-${elsewhere}}"}\n<<: *x`);
    expect(await pnpm(bench, FRESH)).toMatchObject({ code: 0 });
    expect([installed(), existsSync(elsewhere)]).toEqual([true, true]);
  });

  test.skipIf(!FULL)(
    'takes a store from the command line, and from a file of the user',
    async () => {
      const elsewhere = join(bench.sandbox.root, 'user-store');
      expect(await pnpm(bench, [...FRESH, '--store-dir', elsewhere])).toMatchObject({ code: 0 });
      forget(bench, 'modules');
      bench.sandbox.npmrc(`store-dir=${elsewhere}`);
      bench.sandbox.pnpmConfig(`storeDir: ${elsewhere}`);
      expect(await pnpm(bench, FRESH)).toMatchObject({ code: 0 });
      expect(installed()).toBe(true);
    },
  );
});
