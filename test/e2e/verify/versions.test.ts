/** npm, armed in each way that the docs know; and the managers that need a newer Node, without any guard. */
import { describe, expect, it } from 'vitest';
import { npmsByGuard } from '../../support/managers.ts';
import { ARMED_NPM, expectVerified, has, makeCaller, type Caller } from './world.ts';

const BOTH = ['npm', 'npx'];
const GREEN = { code: 0, status: 'guarded', reason: 'refused' };

describe.each(npmsByGuard.filter(has))('%s', (name) => {
  it('is guarded by the variable', async () => {
    const caller = makeCaller(name);
    Object.assign(caller.env, ARMED_NPM);
    await expectVerified(caller, BOTH, GREEN);
  });

  it('is guarded by shims', async () => {
    const caller = makeCaller(name);
    await caller.shims();
    await expectVerified(caller, BOTH, GREEN);
  });

  it('is seen to be guarded where TMPDIR takes no file', async () => {
    const caller = makeCaller(name);
    Object.assign(caller.env, ARMED_NPM, { TMPDIR: '/no/such/folder' });
    const { code, stderr, report } = await caller.verify('--manager', 'npm');
    expect(stderr).toMatch(/^tarwarden: no file can be written in \/no\/such\/folder/);
    expect(report.results).toMatchObject([{ manager: 'npm', status: 'guarded' }]);
    expect(code).toBe(0);
  });
});

describe.skipIf(!has('npm-12'))('npm 12 in a package of a workspace', () => {
  const broken = 'throw new Error("loaded");\n';
  const inMember = (files: Readonly<Record<string, string>>): Caller => {
    const caller = makeCaller('npm-12');
    Object.assign(caller.env, ARMED_NPM);
    caller.sandbox.write({
      'package.json': { name: 'p', version: '1.0.0', workspaces: ['a'] },
      'a/package.json': { name: 'a', version: '1.0.0' },
      ...files,
    });
    caller.folder = 'a';
    return caller;
  };

  it('loads no extension of the package', async () => {
    await expectVerified(inMember({ 'a/.npm-extension.cjs': broken }), ['npm'], GREEN);
  });

  it('is held against the extension of the root', async () => {
    const caller = inMember({ '.npm-extension.cjs': broken });
    const expected = { code: 2, status: 'unproven', reason: 'failed' };
    await expectVerified(caller, ['npm'], expected);
  });

  it('is held against it where the guard has a warning to write', async () => {
    const caller = inMember({ '.npm-extension.cjs': broken });
    caller.env['TMPDIR'] = '/no/such/folder';
    const { code, report } = await caller.verify('--manager', 'npm');
    expect(report.results).toMatchObject([{ status: 'unproven', reason: 'failed' }]);
    expect(code).toBe(2);
  });
});

describe.skipIf(!has('npm-12'))('npm 12 in a project whose settings keep it from answering', () => {
  it.each(['workspaces=true', 'workspace=a'])('is unproven with %s', async (setting) => {
    const caller = makeCaller('npm-12');
    Object.assign(caller.env, ARMED_NPM);
    caller.sandbox.write({
      '.npmrc': `${setting}\n`,
      '.npm-extension.cjs': 'process.exit(0);\n',
      'package.json': { name: 'p', version: '1.0.0', workspaces: ['a'] },
      'a/package.json': { name: 'a', version: '1.0.0' },
    });
    const expected = { code: 2, status: 'unproven', reason: 'failed' };
    await expectVerified(caller, ['npm'], expected);
  });
});

describe('without any guard', () => {
  it.each([
    ['npm-12', BOTH],
    ['pnpm-11', ['pnpm']],
    ['pnpm-12', ['pnpm']],
  ] as const)('%s is found to be unguarded', async (name, managers) => {
    const reason = name === 'npm-12' ? 'installed' : 'not-loaded';
    const expected = { code: 1, status: 'unguarded', reason };
    await expectVerified(makeCaller(name), managers, expected);
  });
});
