/** What is seen when libraries unpack the canary set: a planted hole is found, and a library in order is not blamed. */
import { cpSync, mkdirSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cageFor } from '../../../packages/doctor/src/probe/cage.ts';
import { CANARIES } from '@tarwarden/guarded-run/trial-archives';
import { probe, type Probed } from '../../../packages/doctor/src/probe/probe.ts';
import { subjectsFor } from '../../../packages/doctor/src/probe/subjects.ts';
import { repository } from '../../support/managers.ts';
import { NAIVE_TAR } from './naive-tar.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

let folder: string;
freshFolder((made) => (folder = made));

const path = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((one) => one.startsWith('/'))
  .join(delimiter);

function install(name: string, version: string, source: string): void {
  const place = join(folder, 'project/node_modules', name);
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'package.json'), JSON.stringify({ name, version }));
  writeFileSync(join(place, 'index.js'), source);
}

async function results(): Promise<readonly Probed[]> {
  const subjects = subjectsFor([], [join(folder, 'project')]);
  return (await probe({ subjects, folder: join(folder, 'probe'), path })).results;
}

const idsOf = (one: Probed | undefined): (string[] | undefined)[] => [
  one?.escaped.map(({ id }) => id),
  one?.links.map(({ id }) => id),
];

describe.skipIf(process.platform === 'win32')('a library', () => {
  it('with a planted hole is seen to write outside its folder', async () => {
    install('tar', '99.0.0', NAIVE_TAR);
    const [planted] = await results();
    expect(planted).toMatchObject({ title: 'tar 99.0.0', tried: true, kept: 0 });
    expect(idsOf(planted)).toEqual([CANARIES.map(({ id }) => id), []]);
  });

  /** Unpacks nothing but the file that each archive has, then does something in the folder of its trial. */
  const spiteful = (deed: string): string => `
    exports.x = async (options) => {
      const { dirname, join } = require('node:path');
      const fs = require('node:fs');
      const root = dirname(options.file);
      fs.writeFileSync(join(options.cwd, 'inside.txt'), '');
      const target = join(root, 'sentinel', 'target.txt');
      ${deed}
    };
  `;

  it.each([
    [
      'a pipe',
      `fs.rmSync(target); require('node:child_process').execFileSync('mkfifo', [target]);`,
    ],
    ['a folder', 'fs.rmSync(target); fs.mkdirSync(target);'],
    ['a file without end', 'fs.truncateSync(target, 2 ** 40);'],
    [
      'a link to what it was',
      `fs.renameSync(target, target + '2'); fs.symlinkSync('target.txt2', target);`,
    ],
    ['nothing', 'fs.rmSync(dirname(target), { recursive: true });'],
  ])('that puts %s in the place of the sentinel is seen to write outside', async (_, deed) => {
    install('tar', '99.0.0', spiteful(deed));
    const [planted] = await results();
    expect(planted).toMatchObject({ tried: true, kept: 0, links: [] });
    expect(idsOf(planted)).toEqual([CANARIES.map(({ id }) => id), []]);
  });

  it('that leaves a folder deeper than a path is not believed, and leaves nothing', async () => {
    const name = 'd'.repeat(200);
    const deed = `process.chdir(options.cwd);
      for (let i = 0; i < 30; i += 1) { fs.mkdirSync('${name}'); process.chdir('${name}'); }`;
    install('tar', '99.0.0', spiteful(deed));
    const [planted] = await results();
    expect(planted).toMatchObject({ tried: false, kept: 0 });
    expect(readdirSync(join(folder, 'probe'))).toEqual([]);
  });

  it('in order is seen to keep inside', async () => {
    cpSync(
      realpathSync(join(repository, 'node_modules/tar')),
      join(folder, 'project/node_modules/tar'),
      {
        recursive: true,
        dereference: true,
      },
    );
    const [, store = ''] =
      /^(.*\/node_modules)\/tar$/.exec(realpathSync(join(repository, 'node_modules/tar'))) ?? [];
    for (const name of readdirSync(store))
      if (name !== 'tar')
        cpSync(join(store, name), join(folder, 'project/node_modules', name), {
          recursive: true,
          dereference: true,
        });
    const found = (await results()).find(({ title }) => title.startsWith('tar '));
    expect(found).toMatchObject({ tried: true, escaped: [], links: [], kept: CANARIES.length });
  });

  it('that makes links and writes nothing through them is told apart', async () => {
    install(
      'tar',
      '99.0.0',
      NAIVE_TAR.replace(
        'write(name, content)',
        '/\\.\\.|^\\/|way/.test(name) || write(name, content)',
      ),
    );
    const [found] = await results();
    const [escaped, links] = idsOf(found);
    expect(escaped).toEqual(['symlink-to-file', 'hard-link', 'relative-hard-link']);
    expect(links).toEqual(['symlink', 'relative-symlink', 'symlink-chain']);
  });

  it.each([
    ['does nothing', 'exports.x = async () => {};'],
    ['throws', 'exports.x = () => { throw new Error("no"); };'],
    ['cannot be loaded', 'throw new Error("no");'],
  ])('that %s is one that nothing is known of', async (_title, source) => {
    install('tar', '99.0.0', source);
    expect(await results()).toEqual([
      {
        title: 'tar 99.0.0',
        path: join(folder, 'project/node_modules/tar'),
        tried: false,
        escaped: [],
        links: [],
        kept: 0,
      },
    ]);
  });

  it('that is an ES module is loaded as well', async () => {
    install(
      'tar',
      '99.0.0',
      `import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);\nconst exports = {};\n${NAIVE_TAR}\nexport const x = exports.x;\n`,
    );
    writeFileSync(
      join(folder, 'project/node_modules/tar/package.json'),
      JSON.stringify({
        name: 'tar',
        version: '99.0.0',
        type: 'module',
        exports: { '.': { import: './index.js' } },
      }),
    );
    expect((await results())[0]).toMatchObject({ tried: true, kept: 0 });
  });

  it('leaves nothing behind', async () => {
    install('tar', '99.0.0', NAIVE_TAR);
    await results();
    expect(readdirSync(join(folder, 'probe'))).toEqual([]);
  });
});

describe.skipIf(process.platform !== 'linux')('the cage', () => {
  it('lets a program write to its folder, and, where it confines, to nothing else', async () => {
    const inner = join(folder, 'inner');
    mkdirSync(inner);
    const cage = await cageFor(inner);
    const script = (file: string): [string, ...string[]] => ['/bin/sh', '-c', `echo x > '${file}'`];
    const options = { cwd: inner, env: { PATH: path } };
    expect(await cage.run(script(join(inner, 'a')), options)).toBe(0);
    expect(await cage.run(script(join(folder, 'b')), options)).toBe(cage.confined ? 2 : 0);
    expect(readdirSync(inner)).toEqual(['a']);
    expect(readdirSync(folder).includes('b')).toBe(!cage.confined);
  });

  it('reports nothing of a program that is missing', async () => {
    const cage = await cageFor(folder);
    expect(await cage.run(['/missing/program'], { cwd: folder, env: {} })).not.toBe(0);
  });
});
