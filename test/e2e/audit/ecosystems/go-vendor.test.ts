/** The folder `vendor` beside a go.sum, which go builds from: compared with the modules. */
import { cpSync, existsSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { execute } from '../../../support/execute.ts';
import { goSum, moduleZip } from '../../../support/go/module-zip.ts';
import { startGoProxy, type GoProxy } from '../../../support/go/proxy.ts';
import { findProgram } from '../../../support/programs.ts';
import { makeSandbox, type Sandbox } from '../../../support/sandbox.ts';
import { audited } from '../audited.ts';

const A = 'example.test/a@v1.0.0';
const B = 'example.test/a/b@v1.2.0';
const SUBSTITUTE = 'example.test/other@v2.0.0+incompatible';
const file = 'vendor/example.test/a/a.go';
const code = 'package a\n\nconst Word = "clean"\n';

let proxy: GoProxy;
let sandbox: Sandbox;
beforeEach(async () => {
  proxy = await startGoProxy();
  proxy.publish({ module: A }, { module: B });
  sandbox = makeSandbox({ project: {} });
  sandbox.write({ 'go/env': `GOPROXY=${proxy.url}\n` }, join(sandbox.root, 'xdg/config'));
  sandbox.write({
    'go.mod': 'module example.test/main\n\ngo 1.21\n\nrequire example.test/a v1.0.0\n',
    'go.sum': goSum(A) + goSum(B),
    'main.go': 'package main\n\nimport "example.test/a"\n\nfunc main() { print(a.Word) }\n',
    'vendor/modules.txt': '# example.test/a v1.0.0\n## explicit; go 1.21\nexample.test/a\n',
    [file]: code,
  });
});
afterEach(async () => {
  sandbox.dispose();
  await proxy.close();
});

const checks = async (): Promise<{ ids: string[]; code: number | null }> => {
  const { packages, code: exit } = await audited(sandbox);
  return {
    ids: packages.flatMap((one) => one.checks.map(({ id, level }) => `${id} ${level}`)),
    code: exit,
  };
};
const clean = { ids: [], code: 0 };

it('is clean as go writes it', async () => {
  expect(await checks()).toEqual(clean);
});

describe('is an error where', () => {
  it.each<[string, () => void, string]>([
    [
      'a file is changed',
      () => sandbox.write({ [file]: `${code}// more\n` }),
      'installed-mismatch error',
    ],
    [
      'a file is added to a module',
      () => sandbox.write({ 'vendor/example.test/a/evil.go': 'package a\n' }),
      'installed-mismatch error',
    ],
    [
      'a package is added to a module',
      () => sandbox.write({ 'vendor/example.test/a/deep/x.s': '\n' }),
      'installed-mismatch error',
    ],
    [
      'a package is of no module',
      () => sandbox.write({ 'vendor/example.test/evil/evil.go': 'package evil\n' }),
      'installed-extra error',
    ],
    [
      'a file is a link',
      () => {
        rmSync(join(sandbox.project, file));
        symlinkSync(join(sandbox.project, 'main.go'), join(sandbox.project, file));
      },
      'installed-link error',
    ],
    [
      'the files of a module are those of another one',
      () =>
        sandbox.write({
          'vendor/modules.txt':
            '# example.test/a v1.0.0\nexample.test/a\n# example.test/a/b v1.2.0\nexample.test/a/b\n',
          'vendor/example.test/a/b/b.go': code,
        }),
      'installed-mismatch error',
    ],
  ])('%s', async (_, prepare, said) => {
    prepare();
    expect(await checks()).toEqual({ ids: [said], code: 1 });
  });
});

it('is a warning where a file is added that is not compiled', async () => {
  sandbox.write({ 'vendor/example.test/a/BUILD.bazel': 'x', 'vendor/README': 'x' });
  expect(await checks()).toEqual({
    ids: ['installed-mismatch warning', 'installed-extra warning'],
    code: 0,
  });
});

it('is compared with what a module is replaced by', async () => {
  const files = {
    'go.mod': 'module example.test/a\n',
    'a.go': 'package a\n\nconst Word = "other"\n',
  };
  const zip = moduleZip({ module: SUBSTITUTE, files });
  proxy.publish({ module: SUBSTITUTE, zip });
  sandbox.write({
    'go.sum': goSum(SUBSTITUTE, zip),
    'vendor/modules.txt':
      '# example.test/a v1.0.0 => example.test/other v2.0.0+incompatible\nexample.test/a\n# example.test/a => example.test/other v2.0.0+incompatible\n',
    [file]: files['a.go'],
  });
  expect(await checks()).toEqual(clean);
  sandbox.write({ [file]: code });
  expect(await checks()).toEqual({ ids: ['installed-mismatch error'], code: 1 });
});

describe('is not inspected where', () => {
  it.each<[string, () => void, string]>([
    ['go.sum has no hash', () => sandbox.write({ 'go.sum': goSum(B) }), 'go.sum has no hash'],
    ['go.sum is empty', () => sandbox.write({ 'go.sum': '' }), 'go.sum has no hash'],
    ['there is no go.sum', () => rmSync(join(sandbox.project, 'go.sum')), 'there is no go.sum'],
    [
      'the list cannot be read',
      () => sandbox.write({ 'vendor/modules.txt': '# example.test/a  v1.0.0 x\n' }),
      'not one that go writes',
    ],
    [
      'a module is listed twice',
      () =>
        sandbox.write({
          'vendor/modules.txt': '# example.test/a v1.0.0\n# example.test/a v1.0.1\n',
        }),
      'listed twice',
    ],
    [
      'it is a link',
      () => {
        const vendor = join(sandbox.project, 'vendor');
        cpSync(vendor, join(sandbox.root, 'elsewhere'), { recursive: true });
        rmSync(vendor, { recursive: true });
        symlinkSync(join(sandbox.root, 'elsewhere'), vendor);
      },
      'symbolic link',
    ],
  ])('%s', async (_, prepare, said) => {
    prepare();
    const { packages, code: exit } = await audited(sandbox);
    expect(packages.flatMap(({ error }) => error?.message ?? []).join('\n')).toContain(said);
    expect(exit).toBe(2);
  });
});

it('is no list of modules by an older program', async () => {
  rmSync(join(sandbox.project, 'vendor/modules.txt'));
  expect(await checks()).toEqual(clean);
});

const go = findProgram('go');
it.skipIf(go === undefined)(
  'is what the real go writes, and builds from, changed or not',
  async () => {
    rmSync(join(sandbox.project, 'vendor'), { recursive: true });
    const env = {
      ...sandbox.env,
      GOFLAGS: '',
      GONOSUMDB: '*',
      GONOSUMCHECK: '1',
      GOSUMDB: 'off',
      GOTOOLCHAIN: 'local',
    };
    const run = async (...args: string[]) => execute(go!, args, { cwd: sandbox.project, env });
    expect((await run('mod', 'vendor')).code).toBe(0);
    expect(existsSync(join(sandbox.project, file))).toBe(true);
    expect(await checks()).toEqual(clean);
    sandbox.write({ [file]: code.replace('clean', 'changed') });
    expect((await run('run', '.')).stderr).toBe('changed');
    expect(await checks()).toEqual({ ids: ['installed-mismatch error'], code: 1 });
  },
);
