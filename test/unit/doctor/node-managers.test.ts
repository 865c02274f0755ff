/** npm, pnpm and others, and what they bring along. */
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findNodeManager, NODE_MANAGERS } from '../../../packages/doctor/src/find/node-managers.ts';
import { putFile } from '../../support/put-file.ts';
import { machine } from './stand-in.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

let folder: string;
freshFolder((made) => (folder = made));

const write = (path: string, text: string): string => putFile(join(folder, path), text);

const install = (path: string, name: string, version: string): string =>
  write(join(path, 'package.json'), JSON.stringify({ name, version }));

const libraries = new Set(['tar', 'pacote', '@npmcli/arborist', 'npm']);

async function found(
  programs: Record<string, string>,
  printed?: (call: string) => string | undefined,
) {
  const stand = machine({ programs, ...(printed === undefined ? {} : { printed }) });
  const [name] = Object.keys(programs);
  const manager = NODE_MANAGERS.find((one) => one.name === name)!;
  const { components, problems } = await findNodeManager(stand, manager, libraries);
  return {
    list: components.map(({ name, version }) => `${name}@${version}`),
    components,
    problems,
  };
}

describe('npm', () => {
  it('has every copy of the libraries in its folders', async () => {
    install('npm', 'npm', '10.0.0');
    install('npm/node_modules/tar', 'tar', '6.2.1');
    install('npm/node_modules/@npmcli/arborist', '@npmcli/arborist', '7.0.0');
    install('npm/node_modules/node-gyp/node_modules/tar', 'tar', '7.5.2');
    install('npm/node_modules/semver', 'semver', '7.0.0');
    const file = write('npm/bin/npm-cli.js', '');
    const { list, components, problems } = await found({ npm: file });
    expect(list.toSorted()).toEqual([
      '@npmcli/arborist@7.0.0',
      'npm@10.0.0',
      'tar@6.2.1',
      'tar@7.5.2',
    ]);
    expect(problems).toEqual([]);
    expect(components[0]?.origin).toEqual({
      kind: 'program',
      program: 'npm',
      programVersion: '10.0.0',
      path: join(folder, 'npm'),
      itself: true,
    });
  });

  it.each([
    ['"$basedir/../npm/bin/npm-cli.js" "$@"'],
    [`"$basedir_abs"/'../npm/bin/npm-cli.js' "$@"`],
  ])('is found behind a script of a manager: %s', async (line) => {
    install('npm', 'npm', '10.0.0');
    write('npm/bin/npm-cli.js', '');
    const script = write('bin/npm', `#!/bin/sh\nexec node  ${line}\n`);
    expect((await found({ npm: script })).list).toEqual(['npm@10.0.0']);
  });

  it('is not another package that its program lies in', async () => {
    install('corepack', 'corepack', '0.30.0');
    install('corepack/node_modules/tar', 'tar', '1.0.0');
    const file = write('corepack/dist/npm.js', '');
    const asked = await found({ npm: file }, (call) =>
      call === `${file} --version` ? '9.9.9\n' : undefined,
    );
    expect(asked.list).toEqual(['npm@9.9.9']);
    const silent = await found({ npm: file });
    expect(silent.list).toEqual([]);
    expect(silent.problems).toMatchObject([{ message: 'the version of npm is not known', file }]);
  });

  it('that is not on the PATH has no components', async () => {
    const npm = NODE_MANAGERS[0]!;
    expect(await findNodeManager(machine({}), npm, libraries)).toEqual({
      components: [],
      problems: [],
    });
  });

  it('does not follow links out of its folders, or trip over broken manifests', async () => {
    install('npm', 'npm', '10.0.0');
    write('npm/node_modules/tar/package.json', '{');
    install('elsewhere', 'pacote', '1.0.0');
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'npm/node_modules/pacote'));
    const { list } = await found({ npm: write('npm/bin/npm-cli.js', '') });
    expect(list).toEqual(['npm@10.0.0']);
  });
});

describe('pnpm', () => {
  it('has what lies in dist, and is pnpm as a binary as well', async () => {
    install('pnpm', '@pnpm/exe', '10.20.0');
    install('pnpm/dist/node_modules/tar', 'tar', '7.5.1');
    install('node_modules/tar', 'tar', '1.0.0');
    expect((await found({ pnpm: write('pnpm/pnpm', '') })).list).toEqual([
      'pnpm@10.20.0',
      'tar@7.5.1',
    ]);
  });
});
