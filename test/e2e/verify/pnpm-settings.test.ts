/** `tarwarden verify` answers as the real pnpm then does, whatever settings of a project switch the hook off. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pnpmsByHook, run, versionOf, type PnpmName } from '../../support/managers.ts';
import { has, HOOK, makeCaller, type Caller } from './world.ts';

const PNPMFILE = `module.exports = require(${JSON.stringify(HOOK)});\n`;

const yaml = (text: string): Readonly<Record<string, string>> => ({ 'pnpm-workspace.yaml': text });

const opens: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['a merge key', yaml('packages: ["."]\nx: &x {ignorePnpmfile: true}\n<<: *x\n')],
  ['a merge key without an anchor', yaml('packages: ["."]\n<<: {ignorePnpmfile: true}\n')],
  [
    'merge keys in a list and in one another',
    yaml('packages: ["."]\nx: &x {ignorePnpmfile: true}\ny: &y {<<: *x}\n<<: [{a: 1}, *y]\n'),
  ],
  ['a merge key with a tag', yaml('packages: ["."]\n!!merge <<: {ignorePnpmfile: true}\n')],
  ['an alias for the name', yaml('packages: ["."]\nx: &x ignorePnpmfile\n*x : true\n')],
  [
    'another spelling before it',
    yaml('packages: ["."]\nignore-pnpmfile: false\nignorePnpmfile: true\n'),
  ],
  ['a merged name of another pnpmfile', yaml('packages: ["."]\n<<: {pnpmfile: other.cjs}\n')],
  ['a merged folder of the lockfile', yaml('packages: ["."]\n<<: {lockfileDir: ./other}\n')],
  ['a word that YAML 1.1 takes for true', yaml('packages: ["."]\nignorePnpmfile: on\n')],
  ['a byte order mark and CRLF', yaml('\uFEFFpackages: ["."]\r\nignorePnpmfile: true\r\n')],
];
/** Names of keys that one pnpm reads otherwise than the others. */
const opensByName: Readonly<Record<string, readonly string[]>> = {
  'pnpm-10': [
    '__proto__: {ignorePnpmfile: true}\n',
    '<<: {"__proto__": {ignorePnpmfile: true}}\n',
    '"__${NONE:-proto}__": {ignorePnpmfile: true}\n',
  ],
  'pnpm-12': [
    '? <<\n: {ignorePnpmfile: true}\n',
    '<<:\n  ? <<\n  : {ignorePnpmfile: true}\n',
    'x: &k <<\n*k : {ignorePnpmfile: true}\n',
  ],
};
/** pnpm 10 alone reads these so. */
const opens10: typeof opens = [
  ['the text "false"', yaml('packages: ["."]\nignorePnpmfile: "false"\n')],
  ['a variable in the name', yaml('packages: ["."]\n"ignore${KIND}": true\n')],
  ['a section of .npmrc that is none for it', { '.npmrc': '[x] \nignore-pnpmfile=true\n' }],
  ['a mark before a section of .npmrc', { '.npmrc': '\uFEFF[x]\nignore-pnpmfile=true\n' }],
  ['a default in a name of .npmrc', { '.npmrc': 'ignore-${NOPE:-pnpmfile}=true\n' }],
];
const guarded: typeof opens = [
  [
    'a merge key that the file overrides',
    yaml('packages: ["."]\nx: &x {ignorePnpmfile: true}\n<<: *x\nignorePnpmfile: false\n'),
  ],
  ['a spelling that no pnpm takes', yaml('packages: ["."]\nignore-pnpmfile: true\n')],
  ['a setting in a section of .npmrc', { '.npmrc': '[x]\nignore-pnpmfile=true\n' }],
  [
    'anchors for other things',
    yaml('packages: ["."]\ncatalog: &c {left: 1.0.0}\ncatalogs: {more: {<<: *c, right: 1.0.0}}\n'),
  ],
];
const OLD = { name: 'pnpm', version: '9.15.0' };
const wants: readonly (readonly [string, object, Readonly<Record<string, string>>])[] = [
  [
    'packageManager of the root, beside a package with its own and a pnpmfile called like a setting',
    { packageManager: 'pnpm@9.15.0' },
    {
      ...yaml('packages: [a]\npnpmfile: ./pmOnFail=ignore.cjs\n'),
      'pmOnFail=ignore.cjs': PNPMFILE,
    },
  ],
  ['devEngines beside packageManager', { devEngines: { packageManager: OLD } }, {}],
  [
    'a range in a list of devEngines',
    { devEngines: { packageManager: [{ ...OLD, version: '^9.15.0', onFail: 'download' }] } },
    {},
  ],
];

describe.each(pnpmsByHook.filter(has))('%s', (name) => {
  const project = (files: Readonly<Record<string, string>>): Caller => {
    const caller = makeCaller(name);
    Object.assign(caller.env, { KIND: 'Pnpmfile' });
    caller.sandbox.write({
      '.pnpmfile.cjs': PNPMFILE,
      'other.cjs': 'module.exports = {};\n',
      'other/keep': '',
      ...files,
    });
    return caller;
  };
  const verify = async (caller: Caller): Promise<number | null> =>
    (await caller.verify('--manager', 'pnpm')).code;

  // pnpm 10 takes several seconds for each trial.
  it.each(name === 'pnpm-10' ? [...opens.slice(0, 2), ...opens10] : opens)(
    'is not guarded with %s',
    async (_, files) => {
      const caller = project(files);
      expect(await verify(caller)).toBe(1);
      expect(await loadsGuard(name, caller)).toBe(false);
    },
  );

  const alike = guarded.filter(
    (_, at) => name === 'pnpm-12' || at % 2 === 0 || process.env['TARWARDEN_E2E_FULL'] === '1',
  );
  it.each(alike)('is guarded with %s', async (_, files) => {
    const caller = project(files);
    expect(await verify(caller)).toBe(0);
    expect(await loadsGuard(name, caller)).toBe(true);
  });

  // pnpm 10 knows no devEngines.
  it.each(name === 'pnpm-10' ? wants.slice(0, 1) : wants)(
    'is not guarded where the project wants an old pnpm by %s',
    async (_, fields, files) => {
      const itself = { packageManager: `pnpm@${versionOf(name).version}` };
      const caller = project({
        'package.json': JSON.stringify({ name: 'p', ...itself, ...fields }),
        'a/package.json': JSON.stringify({ name: 'a', ...itself }),
        ...files,
      });
      caller.folder = 'pnpm-workspace.yaml' in files ? 'a' : '.';
      expect(await verify(caller)).toBe(2);
      // The registry does not answer, so that the other pnpm is not found.
      const cwd = join(caller.sandbox.project, caller.folder);
      const env = { npm_config_fetch_retries: '0', pnpm_config_fetch_retries: '0' };
      const { code, stdout, stderr } = await run(name, ['install'], { ...caller, env, cwd });
      expect(code).toBe(1);
      expect(stdout + stderr).toContain('127.0.0.1:9');
    },
  );

  it.each(opensByName[name] ?? [])('is not guarded with %j', async (text) => {
    const caller = project(yaml(`packages: ["."]\n${text}`));
    expect(await verify(caller)).toBe(1);
    expect(await loadsGuard(name, caller)).toBe(false);
  });

  it('is not believed to be guarded by a file that cannot be read', async () => {
    for (const text of [
      'a: 1\n---\nb: 1\n',
      'ignorePnpmfile: false\nignorePnpmfile: true\n',
      'pnpmfile: &a [*a]\n',
    ]) {
      // oxlint-disable-next-line no-await-in-loop
      expect(await verify(project(yaml(text)))).toBe(2);
    }
  });
});

/** Whether the real pnpm loads the pnpmfile of the project in an install. */
async function loadsGuard(name: PnpmName, { sandbox, env }: Caller): Promise<boolean> {
  const mark = join(sandbox.root, 'loaded');
  sandbox.write({
    '.pnpmfile.cjs': `require('node:fs').writeFileSync(${JSON.stringify(mark)}, '');\n${PNPMFILE}`,
  });
  await run(name, ['install', '--no-frozen-lockfile'], { sandbox, env: { KIND: env['KIND'] } });
  return existsSync(mark);
}
