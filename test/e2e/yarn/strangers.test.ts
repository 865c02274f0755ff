/** A .yarnrc.yml in a folder above the project, which another user of the machine has put there. */
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run, runBeside, type Result, type YarnName } from '../../support/managers.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { program as TARWARDEN } from '../cli/sandbox.ts';

/** A user that no machine knows. */
const MALLORY = 54_322;

let sandbox: Sandbox;
const above = (name: string): string => join(sandbox.root, name);
beforeEach(() => {
  sandbox = makeSandbox();
  sandbox.write({ 'package.json': '{"name": "project"}', 'yarn.lock': '' });
  const code = `require('fs').writeFileSync(${JSON.stringify(above('ran'))}, '');`;
  writeFileSync(above('evil.js'), code);
  const plugin = `${code} module.exports = { name: 'evil', factory: () => ({}) };`;
  writeFileSync(above('plugin.cjs'), plugin);
});
afterEach(() => {
  sandbox.assertSentinelUntouched();
  sandbox.dispose();
});

function put(text: string, { name = '.yarnrc.yml', uid = MALLORY, mode = 0o644 } = {}): string {
  const file = above(name);
  writeFileSync(file, text);
  chownSync(file, uid, uid);
  chmodSync(file, mode);
  return file;
}

interface Options {
  yarn?: YarnName;
  env?: NodeJS.ProcessEnv;
  args?: readonly string[];
  cwd?: string;
}

const guarded = async ({
  yarn = 'yarn-4',
  args = ['install'],
  ...rest
}: Options = {}): Promise<Result> =>
  runBeside(yarn, TARWARDEN, ['yarn', ...args], { sandbox, ...rest });

const PLUGINS = 'plugins: [./plugin.cjs]\n';

describe.skipIf(process.getuid?.() !== 0)('a .yarnrc.yml of another user', () => {
  test.each(['yarn-3', 'yarn-4'] as const)('has its code run by %s alone', async (yarn) => {
    put(PLUGINS);
    await run(yarn, ['install'], { sandbox });
    expect(existsSync(above('ran'))).toBe(true);
  });

  test.each([
    ['yarn-4', PLUGINS, 'plugins'],
    ['yarn-3', PLUGINS, 'plugins'],
    ['yarn-1', PLUGINS, 'plugins'],
    ['yarn-4', 'yarnPath: ./evil.js\n', 'yarnPath'],
    ['yarn-3', '{"yarnPath": "./evil.js"}', 'yarnPath'],
    ['yarn-4', 'npmRegistryServer: "http://127.0.0.1:9"\n', 'npmRegistryServer'],
    ['yarn-4', 'npmScopes: &x {a: {npmRegistryServer: "http://127.0.0.1:9"}}\n', 'npmScopes'],
    ['yarn-4', 'injectEnvironmentFiles: [./env]\n', 'injectEnvironmentFiles'],
    ['yarn-4', 'nodeLinker: pnpm\nglobalFolder: ./store\n', 'globalFolder'],
    ['yarn-4', 'a-plugin-of-theirs: true\n', 'a-plugin-of-theirs'],
    ['yarn-4', '{', 'settings that tarwarden cannot read'],
  ] as const)('stops %s before it starts: %j', async (yarn, text, settings) => {
    const file = put(text);
    const result = await guarded({ yarn });
    expect(result).toMatchObject({ code: 97, stdout: '' });
    expect(result.stderr).toContain(
      `yarn was not run: ${file} belongs to uid 54322\nyarn would take from it: ${settings}\n`,
    );
    expect(result.stderr).toContain('what to do: remove that file');
    expect(existsSync(above('ran'))).toBe(false);
  });

  test('stops Yarn where its package.json makes the project one of its workspaces', async () => {
    rmSync(join(sandbox.project, 'yarn.lock'));
    const script = `node ${above('evil.js')}`;
    const workspaces = [basename(sandbox.project)];
    const manifest = { name: 'root', workspaces, scripts: { postinstall: script } };
    const file = put(JSON.stringify(manifest), { name: 'package.json' });
    const result = await guarded();
    expect(result).toMatchObject({ code: 97 });
    expect(result.stderr).toContain(`${file} belongs to uid 54322`);
    expect(existsSync(above('ran'))).toBe(false);
    await run('yarn-4', ['install'], { sandbox, env: { YARN_ENABLE_SCRIPTS: '1' } });
    expect(existsSync(above('ran'))).toBe(true);
    sandbox.write({ 'yarn.lock': '' });
    expect((await guarded()).code).toBe(0);
  });

  test('stops Yarn in the folder that the command line names', async () => {
    const other = above('other');
    mkdirSync(join(other, 'project'), { recursive: true });
    writeFileSync(join(other, 'project/package.json'), '{}');
    put(PLUGINS, { name: 'other/.yarnrc.yml' });
    for (const args of [
      ['--cwd', '../other/project', 'install'],
      ['--cwd=../other/project'],
      ['../other/project', 'install'],
    ])
      expect(await guarded({ args })).toMatchObject({ code: 97 });
  });

  test.each(['yarn-3', 'yarn-4'] as const)(
    'in the folder for temporary files stops %s, which has projects there',
    async (yarn) => {
      const shared = above('shared');
      mkdirSync(shared);
      chmodSync(shared, 0o1777);
      const file = put('plugins: [../plugin.cjs]\n', { name: 'shared/.yarnrc.yml' });
      const env = { TMPDIR: shared };
      const result = await guarded({ yarn, env, args: ['dlx', 'nothing'] });
      expect(result).toMatchObject({ code: 97 });
      expect(result.stderr).toContain(`${file} belongs to uid 54322`);
      expect(result.stderr).toContain('TMPDIR=');
      expect(existsSync(above('ran'))).toBe(false);
      await run(yarn, ['dlx', 'nothing'], { sandbox, env });
      expect(existsSync(above('ran'))).toBe(true);
    },
  );

  test('stops Yarn by the name that a variable has for it, in any case', async () => {
    put(PLUGINS, { name: 'rc.yml' });
    expect((await guarded()).code).toBe(0);
    expect(await guarded({ env: { yarn_Rc_Filename: 'rc.yml' } })).toMatchObject({ code: 97 });
  });

  test('stops Yarn by a link of another user', async () => {
    const file = put('enableScripts: true\n', { name: 'rc', uid: 0 });
    symlinkSync(file, above('.yarnrc.yml'));
    expect((await guarded()).code).toBe(0);
    lchownSync(above('.yarnrc.yml'), MALLORY, MALLORY);
    expect((await guarded()).code).toBe(97);
  });

  test('stops Yarn where others may write to it', async () => {
    put('enableScripts: true\n', { uid: 0, mode: 0o666 });
    const result = await guarded();
    expect(result).toMatchObject({ code: 97 });
    expect(result.stderr).toContain('can be written by every user');
  });

  test('stops Yarn with --confine', async () => {
    put(PLUGINS);
    expect(await guarded({ args: ['--confine', 'install'] })).toMatchObject({ code: 97 });
    expect(existsSync(above('ran'))).toBe(false);
  });

  test.each(['yarn-3', 'yarn-4'] as const)(
    'is taken by %s where it says how things are laid out',
    async (yarn) => {
      put('# harmless\nnodeLinker: node-modules\nenableProgressBars: false\n');
      expect(await guarded({ yarn })).toMatchObject({ code: 0 });
      expect(existsSync(join(sandbox.project, '.pnp.cjs'))).toBe(false);
    },
  );

  test('may name a Yarn that a variable has left out', async () => {
    put('yarnPath: ./evil.js\n');
    const env = { YARN_IGNORE_PATH: '1' };
    expect(await guarded({ env })).toMatchObject({ code: 0 });
    expect(await guarded({ env: { YARN_IGNORE_PATH: '0' } })).toMatchObject({ code: 97 });
    expect(existsSync(above('ran'))).toBe(false);
  });

  test('holds in the home folder, of root, and of the owner of the project', async () => {
    put('enableScripts: true\n', { uid: 0 });
    expect((await guarded()).code).toBe(0);
    put('enableScripts: true\n');
    expect((await guarded({ env: { HOME: sandbox.root } })).code).toBe(0);
    for (const folder of [sandbox.project, sandbox.env['TMPDIR']!])
      chownSync(folder, MALLORY, MALLORY);
    expect((await guarded()).code).toBe(0);
  });

  test('holds for root in a git checkout of its owner', async () => {
    const checkout = above('checkout');
    mkdirSync(join(checkout, 'sub'), { recursive: true });
    for (const [name, text] of Object.entries({
      'package.json': '{"name": "root", "workspaces": ["sub"]}',
      'yarn.lock': '',
      '.yarnrc.yml': PLUGINS.replace('./', '../'),
    }))
      put(text, { name: `checkout/${name}` });
    writeFileSync(join(checkout, 'sub/package.json'), '{"name": "sub"}');
    const cwd = join(checkout, 'sub');
    expect((await guarded({ cwd })).code).toBe(97);
    chownSync(checkout, MALLORY, MALLORY);
    expect((await guarded({ cwd })).code).toBe(97);
    mkdirSync(join(checkout, '.git'));
    chownSync(join(checkout, '.git'), MALLORY, MALLORY);
    expect((await guarded({ cwd })).code).toBe(0);
  });
});
