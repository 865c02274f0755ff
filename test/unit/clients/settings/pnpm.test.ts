/** Settings of pnpm 10 to 12. */
import { join } from 'node:path';
import { clientContext, pnpmLayersIn, pnpmUserLayers } from '@tarwarden/clients/settings';
import { describe, expect, it } from 'vitest';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { putFiles } from '../../../support/put-file.ts';

let root: string;
freshFolder((made) => (root = made));

const VERSIONS = { 10: '10.34.8', 11: '11.28.10', 12: '12.21.0' } as const;
const WORKSPACE = 'project/pnpm-workspace.yaml';
const CONFIG = 'home/.config/pnpm/config.yaml';

type Files = Readonly<Record<string, string>>;

function contextWith(files: Files, env: Files = {}): ReturnType<typeof clientContext> {
  putFiles(root, { 'project/package.json': '{}', ...files });
  const folder = join(root, 'project');
  return clientContext({ folder, env: { HOME: join(root, 'home'), X: 'x', ...env } });
}

/** The value of a setting for pnpm 10, 11 and 12. */
function valuesOf(setting: string, files: Files, env: Files = {}): unknown[] {
  const where = contextWith(files, env);
  const folders = { workspace: where.folder, package: where.folder };
  return Object.values(VERSIONS).map((version) =>
    pnpmLayersIn(version, where, folders)
      .find(({ values }) => values.has(setting))
      ?.values.get(setting),
  );
}

describe('a setting', () => {
  it.each<[string, Files, Files, unknown[]]>([
    ['of the workspace', { [WORKSPACE]: 'lockfileDir: a\n' }, {}, ['a', 'a', 'a']],
    ['merged into it', { [WORKSPACE]: 'x: &x {lockfileDir: a}\n<<: *x\n' }, {}, ['a', 'a', 'a']],
    [
      'with a variable',
      { [WORKSPACE]: 'lockfileDir: "${N:-a}/${X}"\n' },
      {},
      ['a/x', 'a/x', 'a/x'],
    ],
    ['of .npmrc', { 'project/.npmrc': 'lockfile-dir=a\n' }, {}, ['a', undefined, undefined]],
    ['of config.yaml', { [CONFIG]: 'lockfileDir: a\n' }, {}, [undefined, 'a', 'a']],
    ["of npm's variable", {}, { npm_config_lockfile_dir: 'a' }, ['a', undefined, undefined]],
    ["of pnpm's variable", {}, { PNPM_CONFIG_LOCKFILE_DIR: 'a' }, [undefined, 'a', 'a']],
    ['in kebab case', { [WORKSPACE]: 'lockfile-dir: a\n' }, {}, [undefined, undefined, undefined]],
  ])('%s', (_, files, env, values) => {
    expect(valuesOf('lockfileDir', files, env)).toEqual(values);
  });

  it('of the network is in every file of npm’s kind, the project’s before the user’s', () => {
    const files = {
      'project/.npmrc': 'registry=https://p\n',
      'home/.npmrc': 'registry=https://u\n',
    };
    expect(valuesOf('registry', files)).toEqual(['https://p', 'https://p', 'https://p']);
    const token = { 'home/.config/pnpm/auth.ini': '//u/:_authToken=${X}\n' };
    expect(valuesOf('//u/:_authToken', token)).toEqual([undefined, 'x', 'x']);
  });

  it.each([
    ['project/.npmrc', 'registry=https://p/${X}\n', 'registry'],
    ['project/.npmrc', '//p/:_authToken=${X}\n', '//p/:_authToken'],
    ['project/.npmrc', 'https-proxy=http://${X}\n', 'httpsProxy'],
    [WORKSPACE, 'registry: "https://p/${X}"\n', 'registry'],
  ])('of a project sends no variable: %s %s', (file, text, setting) => {
    expect(valuesOf(setting, { [file]: text })).toEqual([undefined, undefined, undefined]);
  });

  it('of a manifest is a config dependency of pnpm 10', () => {
    const manifest = { 'project/package.json': '{"pnpm":{"configDependencies":{"a":"1"}}}' };
    expect(valuesOf('configDependencies', manifest)).toEqual([{ a: '1' }, undefined, undefined]);
  });

  it('of the user is in no file of a project', () => {
    const where = contextWith({ [CONFIG]: 'a: 1\n', 'project/pnpm/config.yaml': 'a: 2\n' });
    const values = (env: Files): unknown[] =>
      pnpmUserLayers(VERSIONS[12], { ...where, env: { ...where.env, ...env } }).flatMap(
        (layer) => layer.values.get('a') ?? [],
      );
    expect(values({})).toEqual([1]);
    expect(values({ XDG_CONFIG_HOME: '' })).toEqual([]);
  });
});
