/** `tarwarden allow --approve`, `--remove`, and what the other actions say of approvals. */
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect, type Exception } from '@tarwarden/core';
import { exceptionHash } from '@tarwarden/core/policy';
import { beforeEach, describe, expect, it } from 'vitest';
import { symlink } from '../../support/attacks/links.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { execute } from '../../support/execute.ts';
import { makePlace, program, type Place } from './sandbox.ts';

const bad = symlink.build({ name: 'bad', version: '1.0.0' });
const exceptions: readonly Exception[] = inspect(bad)
  .findings.filter(({ level }) => level === 'error')
  .map(({ rule, entry }) => ({
    package: 'bad@1.0.0',
    rule,
    ...(entry !== undefined && { entry }),
    sha512: inspect(bad).archive.sha512,
    reason: 'it stays inside',
    expires: '2999-01-01',
  }));
const hashes = exceptions.map(exceptionHash);

const place = freshEach(() => makePlace());
beforeEach(() => {
  place.put('bad.tgz', bad);
  place.put('tarwarden.json', JSON.stringify({ exceptions }));
});

const allow = async (...args: string[]): ReturnType<Place['run']> => place.run(['allow', ...args]);
const file = (): string => join(place.own, 'config/tarwarden/approvals.json');
const scanned = async (): Promise<number | null> => (await place.run(['scan', 'bad.tgz'])).code;

interface Listed {
  exceptions: { status: string; hash: string }[];
  approvals: { kind: string; hash: string; isOfProject: boolean }[];
}
const list = async (): Promise<Listed> =>
  JSON.parse((await allow('--list', '--reporter', 'json')).stdout) as Listed;

describe('tarwarden allow --approve', () => {
  it('shows what the project proposes, with reasons, and approves it where nobody wants to be asked', async () => {
    expect(await scanned()).toBe(1);
    const { code, stdout } = await allow('--approve', '--yes');
    expect(code).toBe(0);
    expect(stdout).toContain('it stays inside');
    for (const hash of hashes) expect(stdout).toContain(hash);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    const scan = await place.run(['scan', 'bad.tgz']);
    expect(scan.code).toBe(0);
    expect(scan.stdout).toContain(
      'excepted by the policy: until 2999-01-01, proposed by the repository, approved by you; reason: it stays inside',
    );
    expect((await allow('--approve')).stdout).toContain('proposes no exception');
  });

  it('approves nothing where there is nobody to ask', async () => {
    const { code, stderr } = await allow('--approve');
    expect(code).toBe(2);
    expect(stderr).toContain('add --yes, or name the hashes');
    expect(await scanned()).toBe(1);
  });

  it.each([
    ['Control-C', '\\x03'],
    ['the end of the input', '\\x04'],
  ])('takes %s as no', async (_, key) => {
    const ask = [
      'import os, pty, sys',
      'pid, terminal = pty.fork()',
      'if pid == 0: os.execvp(sys.argv[1], sys.argv[1:])',
      "text = b''",
      "while b'[y/N] ' not in text: text += os.read(terminal, 4096)",
      `os.write(terminal, b'${key}')`,
      'try:',
      '  while part := os.read(terminal, 4096): text += part',
      'except OSError: pass',
      'print(text.decode())',
      'sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))',
    ].join('\n');
    const { code, stdout } = await execute(
      'python3',
      ['-c', ask, process.execPath, program, 'allow', '--approve'],
      { cwd: place.root, env: place.env },
    );
    expect(stdout).toContain('nothing was approved');
    expect(stdout).not.toContain('bug of tarwarden');
    expect(code).toBe(1);
  });

  it('approves the hashes that it is given, and no other', async () => {
    const { code } = await allow('--approve', ...hashes);
    expect(code).toBe(0);
    expect(await scanned()).toBe(0);
    const changed = exceptions.map((one) => ({ ...one, reason: 'another' }));
    place.put('tarwarden.json', JSON.stringify({ exceptions: changed }));
    expect(await scanned()).toBe(1);
  });

  it('takes a hash that nothing here proposes, and says so', async () => {
    const { code, stdout } = await allow('--approve', 'a'.repeat(64));
    expect(code).toBe(0);
    expect(stdout).toContain('the policy file of this project does not propose it');
    expect((await list()).approvals).toEqual([
      {
        kind: 'user',
        hash: 'a'.repeat(64),
        isOfProject: false,
        exception: null,
        gitDependency: null,
      },
    ]);
    expect((await allow('--approve', 'a'.repeat(64))).stdout).toContain('approved before');
  });

  it('takes nothing for a hash that is not one', async () => {
    const { code, stderr } = await allow('--approve', 'tarwarden.json');
    expect(code).toBe(2);
    expect(stderr).toContain('is not the hash of an exception');
  });
});

describe('tarwarden allow', () => {
  it('--list says what is not approved, and what is', async () => {
    expect((await list()).exceptions.map(({ status }) => status)).toContain('proposed');
    expect((await allow('--list')).stdout).toContain('NOT APPROVED');
    await allow('--approve', '--yes');
    const { exceptions: listed, approvals } = await list();
    expect(listed.every(({ status }) => status === 'holds')).toBe(true);
    expect(approvals.map(({ hash }) => hash).sort()).toEqual([...hashes].sort());
  });

  it('--remove takes an approval back by its hash or its package', async () => {
    await allow('--approve', '--yes');
    const own = await allow('--remove', ...hashes);
    expect(own).toMatchObject({ code: 0 });
    expect(own.stdout).toMatch(/approvals? removed from/);
    expect(await scanned()).toBe(1);
    await allow('--approve', '--yes');
    expect(await allow('--remove', 'bad@1.0.0')).toMatchObject({ code: 0 });
    expect((await list()).approvals).toEqual([]);
    expect(await allow('--remove', ...hashes)).toMatchObject({ code: 1 });
  });

  it('--remove prints what it removed as JSON', async () => {
    await allow('--approve', '--yes');
    const removed = await allow('--remove', hashes[0]!, '--json');
    expect(JSON.parse(removed.stdout)).toEqual({
      schema: 1,
      written: true,
      removed: [],
      gitDependencies: [],
      approvals: [{ hash: hashes[0], exception: exceptions[0], gitDependency: null }],
    });
  });

  it.each([
    ['below a file', (own: string): string => join(own, 'file', 'home')],
    ['below /proc', (): string => '/proc/nowhere/home'],
  ])('says plainly that a home folder %s cannot be written', async (_, home) => {
    place.put(join(place.own, 'file'), '');
    const env = { HOME: home(place.own), XDG_CONFIG_HOME: '' };
    for (const args of [
      ['bad.tgz', '--reason', 'x', '--yes'],
      ['--approve', '--yes'],
    ]) {
      const { code, stderr } = await place.run(['allow', ...args], { env });
      expect(code).toBe(2);
      expect(stderr).toMatch(/was not written: its folder cannot be made/);
      expect(stderr).not.toContain('bug of tarwarden');
    }
  });
});

it('audit refuses what only an exception of the repository lets pass, and prints the exception once approved', async () => {
  mkdirSync(join(place.root, 'vendor'));
  writeFileSync(join(place.root, 'vendor/bad.tgz'), bad);
  const { integrity } = inspect(bad).archive;
  const lock = {
    name: 'project',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: {
      '': { name: 'project', version: '1.0.0', dependencies: { bad: 'file:vendor/bad.tgz' } },
      'node_modules/bad': { version: '1.0.0', resolved: 'file:vendor/bad.tgz', integrity },
    },
  };
  place.put('package.json', JSON.stringify(lock.packages['']));
  place.put('package-lock.json', JSON.stringify(lock));
  const refused = await place.run(['audit']);
  expect(refused.code).toBe(1);
  expect(refused.stdout).toContain(`tarwarden allow --approve ${hashes[0]}`);
  await allow('--approve', '--yes');
  for (const time of ['first', 'remembered']) {
    const { code, stdout } = await place.run(['audit']);
    expect({ time, code }).toEqual({ time, code: 0 });
    expect(stdout).toContain(
      'proposed by the repository, approved by you; reason: it stays inside',
    );
  }
  const { stdout } = await place.run(['audit', '--reporter', 'json']);
  expect(stdout).toContain('"approvedBy":"repository+user"');
});
