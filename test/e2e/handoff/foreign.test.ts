/**
 * One archive, one reading, also behind the guard: a tar that begins with the magic number of another format is refused,
 * and, where a policy lets it pass, what was inspected is what is installed. With every manager that has a guard.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { plantedBundles } from '../../fuzz/handoff/planted.ts';
import { beginningWith, foreign, MAGICS } from '../../support/attacks/foreign.ts';
import { gzip } from '../../support/gzip.ts';
import { available, run, type ManagerName, type NodeName } from '../../support/managers.ts';
import { pkg, tgz } from '../../support/pkg.ts';
import { startRegistry } from '../../support/registry.ts';
import { makeSandbox } from '../../support/sandbox.ts';
import { entry, pax, type Part } from '../../support/tar.ts';
import { GUARDED, guardSetUp, type Bundles } from '../views/guard-set-up.ts';
import { refusedBy } from '../views/guarded.ts';
import type { Sample } from '../views/observe.ts';

const full = process.env['TARWARDEN_E2E_FULL'] === '1';
const chosen = GUARDED.filter((name) => full || /-(?:4|12)$/.test(name));

/** Whose reader guesses the format of what it is given. */
const GUESSING = /^(?:npm-|yarn-4)/;

const magic = (format: string): Buffer => MAGICS[format] ?? Buffer.alloc(0);

const sample = (id: string, build: (name: string) => Buffer): Sample => ({
  id,
  build: ({ name = 'fixture' } = {}) => build(name),
});

const hostile: readonly Sample[] = [
  sample('gzip', (name) => foreign('gzip', { name })),
  sample('plain', (name) => foreign('gzip-without-extra', { name })),
  sample('zstd', (name) => foreign('zstd', { name })),
  sample('global', (name) => foreign('gzip', { name, place: 'global' })),
  sample('long', (name) => foreign('gzip', { name, place: 'long-name' })),
  sample('entry', (name) => foreign('gzip', { name, place: 'entry' })),
  sample('prefix', (name) => foreign('zstd', { name, place: 'prefix' })),
  sample('skippable', (name) => beginningWith(magic('skippable frame'), { name })),
  sample('bzip2', (name) => beginningWith(magic('bzip2'), { name, place: 'global' })),
  sample('bzip2-prefix', (name) => beginningWith(magic('bzip2'), { name, place: 'prefix' })),
  sample('xz', (name) => beginningWith(magic('xz'), { name })),
  sample('lz4', (name) => beginningWith(magic('lz4'), { name, place: 'entry' })),
  sample('zip', (name) => beginningWith(magic('zip'), { name })),
  sample('lzma', (name) => beginningWith(magic('lzma with a small dictionary'), { name })),
  sample('uu', (name) => beginningWith(Buffer.from('begin 644 a'), { name, place: 'prefix' })),
];

const added = (id: string, ...before: Part[]): Sample =>
  sample(id, (name) => gzip(pkg({ name, before })));

const ordinary: readonly Sample[] = [
  added('pax', pax({ comment: 'x' }, { name: 'PaxHeader/a.js' }), entry({ name: 'package/a.js' })),
  added('gnu-pax', pax({ mtime: '1.5' }, { name: './PaxHeaders/x' }), entry({ name: 'package/a' })),
  added('git', pax({ comment: '0a1b' }, { global: true })),
  sample('fixtures', (name) => {
    const inner = pkg({ name: 'inner' });
    const zip = Buffer.from('PK\x05\x06'.padEnd(22, '\0'), 'latin1');
    const files = { 'a.tar': inner, 'b.tar.gz': gzipSync(inner), 'c.zip': zip };
    return tgz({ name, files }, { level: 0 });
  }),
  sample('lookalike', (name) => tgz({ name, top: 'BZh91AY' })),
];

describe('a tar that begins with the magic number of another format', () => {
  it.for(chosen)('is refused under the guard of %s', async (manager, { skip }) => {
    const here = available(manager);
    if (!here.ok) return skip(here.reason);
    const refused = await refusedBy(manager, [...hostile, ...ordinary]);
    const wanted = [
      ...hostile.map(({ id }) => [id, 'refused']),
      ...ordinary.map(({ id }) => [id, 'passed']),
    ];
    expect(Object.fromEntries(refused)).toEqual(Object.fromEntries(wanted));
  });

  /** Node has zstd from 22.15 on; older ones are there for npm 10 and 11 and for Yarn. */
  const nodes: readonly (readonly [ManagerName, NodeName])[] = [
    ['npm-10', 'node-22'],
    ['npm-11', 'node-24'],
    ['npm-12', 'node-24'],
    ['yarn-3', 'system'],
    ['yarn-4', 'system'],
    ['yarn-4', 'node-24'],
  ];
  const hidings = ['gzip', 'gzip-without-extra', 'zstd'] as const;
  const OFF = ['other-format', 'unsafe-character'];
  const levels = Object.fromEntries(OFF.map((rule) => [rule, 'off']));

  /** npm 12 and Yarn 4 run scripts of packages only where the user lets them. */
  const SCRIPTS = { YARN_ENABLE_SCRIPTS: 'true', npm_config_dangerously_allow_all_scripts: 'true' };

  async function install(
    [manager, node]: readonly [ManagerName, NodeName],
    { allowed, bundles }: { allowed: boolean; bundles?: Bundles },
  ) {
    const registry = await startRegistry();
    const sandbox = makeSandbox({ registry: registry.url });
    try {
      const marks = join(sandbox.root, 'marks');
      mkdirSync(marks);
      const names = hidings.map((hiding) => `tw-${hiding}`);
      for (const hiding of hidings) {
        const name = `tw-${hiding}`;
        const postinstall = `touch ${join(marks, hiding)}`;
        // npm looks for scripts in the files of a package only where its metadata says that there are some.
        const manifest = { hasInstallScript: true };
        registry.publish({ name, tgz: foreign(hiding, { name, postinstall }), manifest });
      }
      const dependencies = Object.fromEntries(names.map((name) => [name, '1.0.0']));
      sandbox.write({ 'package.json': { name: 'project', version: '1.0.0', dependencies } });
      const setUp = guardSetUp(manager, bundles);
      setUp?.before?.(sandbox);
      if (allowed)
        sandbox.write({ 'policy.json': { levels } }, join(sandbox.root, 'xdg/config/tarwarden'));
      const { code } = await run(manager, ['install'], {
        sandbox,
        node,
        env: { ...SCRIPTS, ...setUp?.env },
      });
      const folders = names.map((name) => join(sandbox.project, 'node_modules', name));
      const manifests = folders
        .map((folder) => join(folder, 'package.json'))
        .filter((file) => existsSync(file))
        .map((file) => readFileSync(file, 'utf8'));
      const left = folders.filter((folder) => existsSync(folder)).length;
      return { code, manifests, left, ran: readdirSync(marks).toSorted() };
    } finally {
      await registry.close();
      sandbox.dispose();
    }
  }

  it.for(nodes)('runs nothing of what it hides: %s on %s', async ([manager, node], { skip }) => {
    const here = available(manager, node);
    if (!here.ok) return skip(here.reason);
    const { code, left, ran } = await install([manager, node], { allowed: false });
    expect(code).not.toBe(0);
    expect({ left, ran }).toEqual({ left: 0, ran: [] });
  });

  it.for(nodes)(
    'is what was inspected where a policy lets it pass: %s on %s',
    async ([manager, node], { skip }) => {
      const here = available(manager, node);
      if (!here.ok) return skip(here.reason);
      const { code, manifests, ran } = await install([manager, node], { allowed: true });
      expect(code).toBe(0);
      expect(manifests).toHaveLength(hidings.length);
      expect(manifests.filter((text) => text.includes('hidden'))).toEqual([]);
      expect(ran).toEqual([]);
    },
  );

  // So that the two above can fail: the bare tar is taken for what it begins like, and its script is seen to run.
  it.for(nodes.filter(([manager]) => GUESSING.test(manager)))(
    'would be run if it were handed on as a bare tar: %s on %s',
    async ([manager, node], { skip }) => {
      const here = available(manager, node);
      if (!here.ok) return skip(here.reason);
      const folder = mkdtempSync(join(tmpdir(), 'tarwarden-planted-'));
      try {
        const bundles = plantedBundles(folder);
        const { ran } = await install([manager, node], { allowed: true, bundles });
        const readable = hidings.filter((hiding) => hiding !== 'zstd' || manager !== 'yarn-4');
        expect(ran).toEqual(readable);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});
