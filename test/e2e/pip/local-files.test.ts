/** Archives that lie on this machine: a user may choose one, but no index elsewhere and no metadata of an archive. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { buildFiles, sdistOf, wheelOf, type Dist } from '../../support/pip/packages.ts';
import { pips, system } from '../../support/pip/pips.ts';
import { INTO, type PipWorld } from '../../support/pip/world.ts';
import { offer, world } from './scene.ts';

const all = process.env['TARWARDEN_E2E_FULL'] === '1' ? pips : [system];
const kinds = all.flatMap((pip) =>
  ([wheelOf, sdistOf] as const).map((make) => ({ pip, make, kind: make.name.slice(0, -2) })),
);

interface Scene {
  readonly own: PipWorld;
  readonly dist: Dist;
  readonly url: string;
}

describe.each(kinds)('$pip.name, a $kind on this machine', ({ pip, make }) => {
  function scene(): Scene {
    const own = world(pip);
    const dist = make({ name: 'prey' });
    const file = join(own.sandbox.project, own.put(dist, 'mine'));
    return { own, dist, url: pathToFileURL(file).href };
  }
  const outer = (url: string): Dist => wheelOf({ name: 'outer', requires: [`prey @ ${url}`] });

  const hostile: readonly (readonly [string, string, (scene: Scene) => Promise<string[]>])[] = [
    [
      'the metadata of a wheel',
      'the metadata of outer-1.0-py3-none-any.whl',
      async ({ own, url }) => [own.put(outer(url))],
    ],
    [
      'the metadata of a wheel, at localhost',
      'the metadata of outer-1.0-py3-none-any.whl',
      async ({ own, url }) => [own.put(outer(url.replace('file://', 'file://localhost')))],
    ],
    [
      'the metadata of a wheel of an index',
      'the metadata of outer-1.0-py3-none-any.whl',
      async ({ url }) => ['-i', (await offer(outer(url))).url, 'outer'],
    ],
    [
      'the build of a source archive',
      'the build of "outer-1.0.tar.gz"',
      async ({ own, url }) => [
        own.put(sdistOf({ name: 'outer', buildRequires: [`prey @ ${url}`] })),
      ],
    ],
    [
      'a page of an index',
      'the page http://127',
      async ({ url, dist }) => ['-i', (await offer({ ...dist, url })).url, 'prey'],
    ],
  ];

  it.each(hostile)('is refused where it is chosen by %s', async (_by, chooser, typed) => {
    const made = scene();
    const args = await typed(made);
    const { code, stdout, stderr } = await made.own.guarded('pip', 'install', ...INTO, ...args);
    const said = `it is a file on this machine, and chosen by ${chooser}`;
    expect({ code, said: stdout + stderr }).toEqual({
      code: 1,
      said: expect.stringContaining(said),
    });
    expect(made.own.built()).not.toContain('prey');
    expect(existsSync(made.own.site)).toBe(false);
  });

  const ordinary: readonly (readonly [string, (scene: Scene) => readonly string[]])[] = [
    ['by its path', ({ dist }) => [`./mine/${dist.fileName}`]],
    ['by its address', ({ url }) => [`prey @ ${url}`]],
    ['with extras', ({ dist }) => [`./mine/${dist.fileName}[more]`]],
    ['as a folder of archives', () => ['--no-index', '--find-links', 'mine', 'prey']],
    ['as a page on this machine', () => ['--no-index', '--find-links', 'page.html', 'prey']],
    ['in a requirements file', () => ['-r', 'requirements.txt']],
    [
      'as a constraint',
      ({ own }) => [
        '-c',
        'requirements.txt',
        own.put(wheelOf({ name: 'outer', requires: ['prey'] })),
      ],
    ],
    ['for a folder that requires it', () => ['./project']],
  ];

  it.each(ordinary)('is installed where the user names it %s', async (_how, typed) => {
    const made = scene();
    const { own, dist, url } = made;
    own.sandbox.write({
      'requirements.txt': `prey @ ${url}\n`,
      'page.html': `<a href="mine/${dist.fileName}">${dist.fileName}</a>`,
    });
    const project = buildFiles({ name: 'outer', requires: [`prey @ ${url}`] });
    own.sandbox.write(project, join(own.sandbox.project, 'project'));
    const result = await own.guarded('pip', 'install', ...INTO, ...typed(made));
    expect(result).toMatchObject({ code: 0 });
    expect(existsSync(join(own.site, 'prey/__init__.py'))).toBe(true);
  });

  it('is installed from what pip has built and kept', async () => {
    const { own, dist } = scene();
    const { url } = await offer(dist);
    for (const target of ['one', 'two']) {
      const args = ['--target', target, '-i', url, 'prey'];
      expect(await own.guarded('pip', 'install', ...args)).toMatchObject({ code: 0 });
    }
  });
});
