/** Names that become paths, and folders that pip builds: neither an index nor a package may lead pip out of its own folders. */
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../support/execute.ts';
import { buildFiles, sdistOf, wheelOf, type Dist } from '../../support/pip/packages.ts';
import { pips, since, system } from '../../support/pip/pips.ts';
import { INTO, type PipWorld } from '../../support/pip/world.ts';
import { makeGitRepo } from '../../support/sandbox.ts';
import { archive, entry } from '../../support/tar.ts';
import { gzip } from '../../support/gzip.ts';
import { offer, world } from './scene.ts';

const all = process.env['TARWARDEN_E2E_FULL'] === '1' ? pips : [system];

/** A file of the user's, which no package may touch. */
function keepsake(own: PipWorld): string {
  const path = join(own.sandbox.root, 'victim', 'keep.tar.gz');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, 'mine\n');
  return path;
}

const twice = (path: string): string => encodeURIComponent(encodeURIComponent(path));

/** A clean source archive at an address whose last part pip decodes to `path`. */
const served = (path: string): Dist => ({
  ...sdistOf({ name: 'prey' }),
  fileName: encodeURIComponent(path),
});

function expectStopped({ code, stdout, stderr }: Result, why: string): void {
  expect({ code, said: stdout + stderr }).toEqual({ code: 1, said: expect.stringContaining(why) });
  expect(stderr).toMatch(/tarwarden: .* was not inspected, so it is not installed/);
}

const NAME = 'the name of its file would be';

describe.each(all)('$name, a file name that is a path', (pip) => {
  const targets: readonly (readonly [string, (keep: string) => string])[] = [
    ['an absolute path', (keep) => keep],
    ['a path that leads upwards', (keep) => `x/../../../../../../../../../../../..${keep}`],
    ['a path in the folder of downloads', () => 'deeper/keep.tar.gz'],
    ['a path of Windows', () => String.raw`..\..\keep.tar.gz`],
  ];

  it.each(targets)('is refused where metadata names %s', async (_what, target) => {
    const own = world(pip);
    const keep = keepsake(own);
    const prey = served(target(keep));
    const index = await offer(prey);
    const url = `${index.origin}/files/${twice(target(keep))}`;
    const outer = wheelOf({ name: 'outer', requires: [`prey @ ${url}`] });
    expectStopped(await own.guarded('pip', 'install', ...INTO, own.put(outer)), NAME);
    expect(readFileSync(keep, 'utf8')).toBe('mine\n');
    expect(index.log.filter((line) => line.includes('keep'))).toEqual([]);
  });

  it('is refused where an index names one', async () => {
    const own = world(pip);
    const keep = keepsake(own);
    const { origin } = await offer(served(keep));
    const dist = { ...served(keep), url: `${origin}/files/${twice(keep)}#egg=prey-1.0` };
    const { url } = await offer(dist);
    expectStopped(await own.guarded('pip', 'install', ...INTO, '-i', url, 'prey'), NAME);
    expect(readFileSync(keep, 'utf8')).toBe('mine\n');
  });

  it.each(['install', 'download', 'wheel'])('is refused where %s is given it', async (command) => {
    const own = world(pip);
    const keep = keepsake(own);
    const { origin } = await offer(served(keep));
    const more = command === 'install' ? INTO : [];
    const url = `prey @ ${origin}/files/${twice(keep)}`;
    expectStopped(await own.guarded('pip', command, ...more, url), NAME);
    expect(readFileSync(keep, 'utf8')).toBe('mine\n');
  });

  it('is refused where the server names one', async () => {
    const own = world(pip);
    const { url } = await offer({
      ...sdistOf({ name: 'prey' }),
      served: String.raw`..\\keep.tar.gz`,
    });
    expectStopped(await own.guarded('pip', 'install', ...INTO, '-i', url, 'prey'), NAME);
  });

  it.each(['prey%201.0.tar.gz', 'prey+x.tar.gz', 'über.tar.gz', 'v1.0'])(
    'is not what an archive at %s has',
    async (name) => {
      const own = world(pip);
      const { origin } = await offer({
        ...sdistOf({ name: 'prey' }),
        fileName: decodeURIComponent(name),
      });
      const url = `prey @ ${origin}/files/${encodeURI(decodeURIComponent(name))}`;
      expect(await own.guarded('pip', 'install', ...INTO, url)).toMatchObject({ code: 0 });
    },
  );
});

it('a pip without the guard writes to the path', async () => {
  const own = world(system);
  const keep = keepsake(own);
  const { origin } = await offer(served(keep));
  const outer = wheelOf({ name: 'outer', requires: [`prey @ ${origin}/files/${twice(keep)}`] });
  await own.bare('pip', 'install', ...INTO, own.put(outer));
  expect(readFileSync(keep, 'utf8')).not.toBe('mine\n');
});

/** A source archive with a package in a folder below its first one. */
function nested(): Dist {
  const files = Object.entries(buildFiles({ name: 'prey' }));
  const parts = files.map(([path, body]) => entry({ name: `prey-1.0/python/${path}`, body }));
  return {
    project: 'prey',
    fileName: 'prey-1.0.zip.tar.gz',
    bytes: gzip(archive(...parts, Buffer.alloc(1024))),
  };
}

const OUTSIDE = 'is not in the archive';

describe.each(all)('$name, a subdirectory', (pip) => {
  function folderOf(own: PipWorld): string {
    const folder = join(own.sandbox.root, 'mine');
    own.sandbox.write(buildFiles({ name: 'prey' }), folder);
    return folder;
  }

  const hostile: readonly (readonly [string, (folder: string) => string])[] = [
    ['an absolute path', (folder) => folder],
    ['a path that leads upwards', (folder) => `../../../../../../../../../..${folder}`],
    ['a path through the archive', (folder) => `python/../../../../../../../../../..${folder}`],
    ['an encoded path', (folder) => encodeURIComponent(folder)],
    ['a path of Windows', () => String.raw`C:\Users`],
    ['a path with backslashes', () => String.raw`..\..\mine`],
  ];

  it.each(hostile)('is refused where metadata names %s', async (_what, subdirectory) => {
    const own = world(pip);
    const folder = folderOf(own);
    const index = await offer(nested());
    const url = `${index.file(nested())}#subdirectory=${subdirectory(folder)}`;
    const outer = wheelOf({ name: 'outer', requires: [`prey @ ${url}`] });
    const result = await own.guarded('pip', 'install', ...INTO, own.put(outer));
    expectStopped(result, OUTSIDE);
    expect(own.built()).toEqual([]);
  });

  it('is refused where an index names one, and where the user does', async () => {
    const own = world(pip);
    const folder = folderOf(own);
    const prey = sdistOf({ name: 'prey' });
    const files = await offer(prey);
    const link = `${files.file(prey)}#subdirectory=${folder}`;
    const { url } = await offer({ ...prey, url: link });
    expectStopped(await own.guarded('pip', 'install', ...INTO, '-i', url, 'prey'), OUTSIDE);
    expectStopped(await own.guarded('pip', 'install', ...INTO, `prey @ ${link}`), OUTSIDE);
    expect(own.built()).toEqual([]);
  });

  it.runIf(since(pip, [24, 1]))('is refused where a link in a repository leads out', async () => {
    const own = world(pip);
    const folder = folderOf(own);
    const made = join(own.sandbox.root, 'repository');
    mkdirSync(made);
    symlinkSync(folder, join(made, 'python'));
    const { url } = makeGitRepo(made, { README: 'x' });
    const result = await own.guarded(
      'pip',
      'install',
      ...INTO,
      `prey @ git+${url}#subdirectory=python`,
    );
    expectStopped(result, OUTSIDE);
    expect(own.built()).toEqual([]);
  });

  it.each(['python', './python', 'python/../python', 'python/'])(
    'is built where it is %s',
    async (path) => {
      const own = world(pip);
      const { file } = await offer(nested());
      const url = `prey @ ${file(nested())}#subdirectory=${path}`;
      const outer = wheelOf({ name: 'outer', requires: [url] });
      expect(await own.guarded('pip', 'install', ...INTO, own.put(outer))).toMatchObject({
        code: 0,
      });
      expect(existsSync(join(own.site, 'prey/__init__.py'))).toBe(true);
    },
  );
});

it('a pip without the guard builds the folder that a subdirectory names', async () => {
  const own = world(system);
  const folder = join(own.sandbox.root, 'mine');
  own.sandbox.write(buildFiles({ name: 'prey' }), folder);
  const { file } = await offer(nested());
  const url = `prey @ ${file(nested())}#subdirectory=${folder}`;
  const outer = wheelOf({ name: 'outer', requires: [url] });
  await own.bare('pip', 'install', ...INTO, own.put(outer));
  expect(own.built()).toContain('prey');
});
