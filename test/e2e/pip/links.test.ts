/** Links of a repository at what pip writes there: pip alone follows each, to a file of the user's or to a new one. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sdistOf, wheelOf } from '../../support/pip/packages.ts';
import { pips, since, system } from '../../support/pip/pips.ts';
import type { PipWorld } from '../../support/pip/world.ts';
import { world } from './scene.ts';

// Python 3.7 has no audit hooks.
const all = (process.env['TARWARDEN_E2E_FULL'] === '1' ? pips : [system]).filter(
  ({ python }) => !python.includes('3.7'),
);

const WHEEL = 'prey-1.0-py3-none-any.whl';

interface Case {
  readonly title: string;
  /** Where the repository has the link, and what it leads to beside the project. */
  readonly link: string | ((own: PipWorld) => Promise<string>);
  readonly target: 'keep' | 'new' | 'folder';
  readonly args: (own: PipWorld) => readonly string[];
  readonly since?: readonly [number, number];
}

const wheel = (own: PipWorld): string => own.put(wheelOf({ name: 'prey' }), 'from');
const sdist = (own: PipWorld): string => own.put(sdistOf({ name: 'prey' }), 'from');
const NOW = '--no-build-isolation';

const intoPrefix = (own: PipWorld, folder: string): readonly string[] => {
  return ['install', '--prefix', folder, '--ignore-installed', wheel(own)];
};

const intoRoot = (own: PipWorld, folder: string): readonly string[] => {
  own.env['PIP_BREAK_SYSTEM_PACKAGES'] = '1';
  return ['install', '--root', folder, '--ignore-installed', wheel(own)];
};

/** The path that the package has below a folder: pip says where, in another one. */
async function installed(
  own: PipWorld,
  folder: string,
  into: (world: PipWorld, folder: string) => readonly string[],
): Promise<string> {
  // Where it is not there, pip takes the whole root for one that it may not write to.
  mkdirSync(join(own.sandbox.project, 'other'));
  await own.bare('pip', ...into(own, 'other'));
  const paths = readdirSync(join(own.sandbox.project, 'other'), {
    recursive: true,
    encoding: 'utf8',
  });
  return join(folder, paths.find((path) => /\bprey$/.test(path)) ?? 'missing');
}

const cases: readonly Case[] = [
  { title: 'pip download', link: WHEEL, target: 'new', args: (own) => ['download', wheel(own)] },
  { title: 'pip wheel', link: WHEEL, target: 'new', args: (own) => ['wheel', wheel(own)] },
  {
    title: 'pip wheel, of what it builds',
    link: WHEEL,
    target: 'keep',
    args: (own) => ['wheel', NOW, sdist(own)],
  },
  {
    title: 'pip lock',
    link: 'pylock.toml',
    target: 'keep',
    args: (own) => ['lock', wheel(own)],
    since: [25, 1],
  },
  {
    title: 'pip install --prefix',
    link: (own) => installed(own, 'prefix', intoPrefix),
    target: 'folder',
    args: (own) => intoPrefix(own, 'prefix'),
  },
  {
    title: 'pip install --prefix, on the way',
    link: async (own) => dirname(await installed(own, 'prefix', intoPrefix)),
    target: 'folder',
    args: (own) => intoPrefix(own, 'prefix'),
  },
  {
    title: 'pip install --root, at its top',
    link: async (own) => {
      const [top = '', first = ''] = (await installed(own, 'root', intoRoot)).split('/');
      return join(top, first);
    },
    target: 'folder',
    args: (own) => intoRoot(own, 'root'),
  },
];

const outside = ({ sandbox }: PipWorld): string => join(sandbox.root, 'outside');

async function prepared(own: PipWorld, { link, target }: Case): Promise<void> {
  mkdirSync(join(outside(own), 'folder'), { recursive: true });
  writeFileSync(join(outside(own), 'keep'), 'mine\n');
  const path = join(own.sandbox.project, typeof link === 'string' ? link : await link(own));
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(relative(dirname(path), join(outside(own), target)), path);
}

/** Whether anything of the user's was changed. */
const isTouched = (own: PipWorld): boolean =>
  readFileSync(join(outside(own), 'keep'), 'utf8') !== 'mine\n' ||
  existsSync(join(outside(own), 'new')) ||
  readdirSync(join(outside(own), 'folder')).length > 0;

describe.each(all)('$name', (pip) => {
  const ways = cases.filter((way) => way.since === undefined || since(pip, way.since));

  it.each(ways)('follows a link without the guard: $title', async (way) => {
    const made = world(pip);
    await prepared(made, way);
    expect(await made.bare('pip', ...way.args(made))).toMatchObject({ code: 0 });
    expect(isTouched(made)).toBe(true);
  });

  it.each(ways)('does not write through a link: $title', async (way) => {
    const made = world(pip);
    await prepared(made, way);
    const { code, stderr } = await made.guarded('pip', ...way.args(made));
    // Before pip starts for links in places that it is known to write to, else when pip is about to write.
    expect(stderr).toMatch(/would have written to|where the install would write/);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(outside(made)) });
    expect(isTouched(made)).toBe(false);
  });

  it.each(ways)('writes where no link is: $title', async (way) => {
    const made = world(pip);
    expect(await made.guarded('pip', ...way.args(made))).toMatchObject({ code: 0 });
  });

  it('writes to folders that the user names by links', async () => {
    const made = world(pip);
    mkdirSync(outside(made));
    symlinkSync(outside(made), join(made.sandbox.project, 'linked'));
    for (const args of [
      ['wheel', NOW, '-w', 'linked', sdist(made)],
      ['download', '-d', 'linked/deep', wheel(made)],
      ['install', '--target', 'linked/site', wheel(made)],
      ['install', '--prefix', 'linked/prefix', '--ignore-installed', wheel(made)],
      ['install', '--cache-dir', 'linked/cache', '--target', 'site', NOW, sdist(made)],
    ])
      // oxlint-disable-next-line no-await-in-loop
      expect(await made.guarded('pip', ...args)).toMatchObject({ code: 0 });
  });
});
