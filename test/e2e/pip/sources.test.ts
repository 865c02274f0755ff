// @module-tag pip
/** Folders and repositories, which are no archives: a user may choose one, but no index and no metadata of an archive. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { buildFiles, sdistOf, wheelOf, type Dist } from '../../support/pip/packages.ts';
import { pips, since, system } from '../../support/pip/pips.ts';
import { INTO, type PipWorld } from '../../support/pip/world.ts';
import { makeGitRepo } from '../../support/sandbox.ts';
import type { Result } from '../../support/execute.ts';
import { offer, world } from './scene.ts';

const KINDS = ['folder', 'repository'] as const;
type Kind = (typeof KINDS)[number];

interface Scene {
  readonly own: PipWorld;
  readonly url: string;
  readonly folder: string;
}

/** A source that is in order, by a name that an index may offer. */
function put(own: PipWorld, kind: Kind, name = 'prey', requires: readonly string[] = []): Scene {
  const folder = join(own.sandbox.root, 'served', `${name}-1.0.tar.gz`);
  const files = buildFiles({ name, requires });
  if (kind === 'repository') return { own, folder, url: `git+${makeGitRepo(folder, files).url}` };
  own.sandbox.write(files, folder);
  return { own, folder, url: pathToFileURL(folder).href };
}

const install = async ({ own }: Scene, ...args: readonly string[]): Promise<Result> =>
  own.guarded('pip', 'install', ...INTO, ...args);

interface Way {
  readonly name: string;
  /** Who chose it, as the message says. */
  readonly by: string;
  /** A requirement holds its URL. */
  readonly written?: true;
  readonly typed: (scene: Scene) => Promise<readonly string[]>;
}

const indexed = async (...dists: readonly Dist[]): Promise<readonly string[]> => [
  '--index-url',
  (await offer(...dists)).url,
];

const linked = (url: string): Dist => ({
  project: 'prey',
  fileName: 'prey-1.0.tar.gz',
  bytes: Buffer.alloc(0),
  url,
});

const outer = (...requires: readonly string[]) =>
  wheelOf({ name: 'outer', requires, summary: 'Outer\nProvides-Extra: more' });

const hostile: readonly Way[] = [
  {
    name: 'an index',
    by: 'the page http://127',
    typed: async ({ url }) => [...(await indexed(linked(url))), 'prey'],
  },
  {
    name: 'an index, for what a build requires',
    by: 'the page http://127',
    async typed({ url, own }) {
      const file = own.put(sdistOf({ name: 'outer', buildRequires: ['prey'] }));
      return [...(await indexed(linked(url))), file];
    },
  },
  {
    name: 'an index, for what a folder requires',
    by: 'the page http://127',
    async typed({ url, own }) {
      const { folder } = put(own, 'folder', 'mine', ['prey']);
      return [...(await indexed(linked(url))), folder];
    },
  },
  {
    name: 'the metadata of a wheel',
    by: 'the metadata of outer-1.0-py3-none-any.whl',
    written: true,
    async typed({ url }) {
      const more = ['--only-binary', ':all:', 'outer'];
      return [...(await indexed(outer(`prey @ ${url}`))), ...more];
    },
  },
  {
    name: 'the metadata of a wheel, with extras',
    by: 'the metadata of outer-1.0-py3-none-any.whl',
    written: true,
    typed: async ({ url }) => [...(await indexed(outer(`prey[more] @ ${url}`))), 'outer'],
  },
  {
    name: 'the metadata of a wheel, for an extra',
    by: 'the metadata of outer',
    written: true,
    async typed({ url, own }) {
      const dist = outer(`prey @ ${url} ; extra == "more"`);
      return ['--no-index', '--find-links', join(own.put(dist, 'archives'), '..'), 'outer[more]'];
    },
  },
  {
    name: 'the metadata of a source archive',
    by: 'the metadata of outer-1.0.tar.gz',
    written: true,
    async typed({ url }) {
      const dist = sdistOf({ name: 'outer', requires: [`prey @ ${url}`] });
      return [...(await indexed(dist)), 'outer'];
    },
  },
  {
    name: 'the build of a source archive',
    by: 'the build of "outer-1.0.tar.gz"',
    written: true,
    async typed({ url }) {
      const dist = sdistOf({ name: 'outer', buildRequires: [`prey @ ${url}`] });
      return [...(await indexed(dist)), 'outer'];
    },
  },
  {
    name: 'metadata, with the resolver of old',
    by: 'the metadata of outer-1.0-py3-none-any.whl',
    written: true,
    async typed({ url }) {
      const more = ['--use-deprecated=legacy-resolver', 'outer'];
      return [...(await indexed(outer(`prey @ ${url}`))), ...more];
    },
  },
];

const all = process.env['TARWARDEN_E2E_FULL'] === '1' ? pips : [system];
const cases = all.flatMap((pip) => KINDS.map((kind) => ({ pip, kind })));

describe.each(cases)('$pip.name, a $kind', ({ pip, kind }) => {
  const scene = (): Scene => put(world(pip), kind);
  // Older ones read no `git+file:` in a requirement.
  const reads = kind === 'folder' || since(pip, [24, 1]);
  const ways = hostile.filter(({ written }) => reads || written !== true);

  function expectInstalled({ own, url }: Scene, result: Result): void {
    expect(result).toMatchObject({ code: 0 });
    expect(existsSync(join(own.site, 'prey/__init__.py'))).toBe(true);
    expect(result.stderr).toMatch(/1 folder or repository was|2 folders or repositories were/);
    expect(result.stderr).toContain(url);
  }

  it.each(ways)('is refused where it is chosen by $name', async ({ by, typed }) => {
    const made = scene();
    const { code, stdout, stderr } = await install(made, ...(await typed(made)));
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('tarwarden: prey was not inspected, so it is not installed'),
    });
    expect(stdout + stderr).toContain(`it is a ${kind}, not an archive, and chosen by ${by}`);
    expect(made.own.built()).not.toContain('prey');
    expect(existsSync(made.own.site)).toBe(false);
  });

  it.runIf(reads)('is installed where it is typed', async () => {
    const made = scene();
    expectInstalled(made, await install(made, `prey @ ${made.url}`));
  });

  it.runIf(reads)('is installed where a requirements file names it, with extras', async () => {
    const made = scene();
    made.own.sandbox.write({ 'requirements.txt': `prey[more] @ ${made.url}\n` });
    expectInstalled(made, await install(made, '-r', 'requirements.txt'));
  });

  it.runIf(reads)(
    'is installed where a constraint names it, also for what a wheel requires',
    async () => {
      const made = scene();
      made.own.sandbox.write({ 'constraints.txt': `prey @ ${made.url}\n` });
      const index = await indexed(outer('prey'));
      expectInstalled(made, await install(made, ...index, '-c', 'constraints.txt', 'outer'));
    },
  );

  it.runIf(reads)('is installed where metadata names it and the user too', async () => {
    const made = scene();
    const index = await indexed(outer(`prey @ ${made.url}`));
    expectInstalled(made, await install(made, ...index, `prey @ ${made.url}`, 'outer'));
  });

  it.runIf(reads)('is installed where a folder requires it that the user named', async () => {
    const made = scene();
    const { folder } = put(made.own, 'folder', 'mine', [`prey @ ${made.url}`]);
    expectInstalled(made, await install(made, '--no-index', folder));
  });

  it.runIf(reads)(
    'is used where the build of a folder requires it that the user named',
    async () => {
      const made = scene();
      const files = buildFiles({ name: 'mine', buildRequires: [`prey @ ${made.url}`] });
      made.own.sandbox.write(files, join(made.own.sandbox.project, 'mine'));
      expect(await install(made, '--no-index', './mine')).toMatchObject({ code: 0 });
      expect(made.own.built()).toContain('prey');
    },
  );
});

it.each(all)('$name: a folder in a folder of --find-links is refused', async (pip) => {
  const made = put(world(pip), 'folder');
  const args = ['--no-index', '--find-links', join(made.folder, '..'), 'prey'];
  const { code, stdout, stderr } = await install(made, ...args);
  expect({ code, said: stdout + stderr }).toEqual({
    code: 1,
    said: expect.stringContaining('it is a folder, not an archive, and chosen by'),
  });
  expect(made.own.built()).toEqual([]);
});

it('a pip without the guard builds what metadata chose, with --only-binary too', async () => {
  const made = put(world(system), 'repository');
  const index = await indexed(outer(`prey @ ${made.url}`));
  const more = [...INTO, ...index, '--only-binary', ':all:', 'outer'];
  expect(await made.own.bare('pip', 'install', ...more)).toMatchObject({ code: 0 });
  expect(made.own.built()).toContain('prey');
});
