/** `--quiet` leaves out what is in order, and nothing else. */
import { beforeEach, describe, expect, it } from 'vitest';
import { symlink } from '../../support/attacks/links.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { tgz } from '../../support/pkg.ts';
import { makePlace } from './sandbox.ts';

const place = freshEach(() => makePlace());
beforeEach(() => {
  place.put('clean.tgz', tgz({ name: 'clean', version: '1.0.0' }));
  place.put('bad.tgz', symlink.build({ name: 'bad', version: '1.0.0' }));
});

describe('a command with --quiet', () => {
  it.each([
    [['scan', 'clean.tgz']],
    [['explain', 'clean.tgz']],
    [['unpack', 'clean.tgz', 'out']],
    [['init', '--undo']],
  ])('%j prints nothing, because everything is in order', async (args) => {
    expect(await place.run([...args, '--quiet'])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: '',
    });
  });

  it('reports what was rejected or not inspected, and leaves out the rest', async () => {
    const { code, stdout } = await place.run([
      'scan',
      '--quiet',
      'clean.tgz',
      'bad.tgz',
      'gone.tgz',
    ]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^REJECTED bad\.tgz/);
    expect(stdout).toContain('NOT INSPECTED gone.tgz');
    expect(stdout).toContain('3 archives: 1 accepted, 1 rejected, 1 not inspected\n');
    expect(stdout).not.toContain('clean');
  });

  it('names a git dependency that the policy accepts, because it was not inspected', async () => {
    const resolved = `git+ssh://git@127.0.0.1/helper.git#${'c'.repeat(40)}`;
    const manifest = { name: 'app', version: '1.0.0' };
    const helper = { version: '1.0.0', resolved };
    const packages = { '': manifest, 'node_modules/helper': helper };
    place.put('package.json', JSON.stringify(manifest));
    place.put('package-lock.json', JSON.stringify({ ...manifest, lockfileVersion: 3, packages }));
    const accepted = { package: 'helper', resolved, reason: 'our own', expires: '2999-01-01' };
    place.put(
      `${place.own}/config/tarwarden/policy.json`,
      JSON.stringify({ gitDependencies: [accepted] }),
    );
    const { code, stdout, stderr } = await place.run(['audit', '--quiet']);
    expect({ code, stderr, stdout }).toMatchObject({ code: 0, stderr: '' });
    expect(stdout).toContain('not inspected, and accepted by your own policy, until 2999-01-01');
  });

  it.each([
    [['scan', 'bad.tgz'], 1, 'REJECTED bad.tgz'],
    [['scan', 'gone.tgz'], 2, 'NOT INSPECTED gone.tgz'],
    [['explain', 'bad.tgz'], 1, 'symlink'],
    [['verify', '--manager', 'bun'], 2, 'unproven'],
  ])('%j ends with %i and prints the reason', async (args, code, reason) => {
    const env = { PATH: '/nonexistent' };
    const loud = await place.run(args, { env });
    const quiet = await place.run([...args, '--quiet'], { env });
    expect([loud.code, quiet.code]).toEqual([code, code]);
    expect(quiet.stdout).toContain(reason);
  });

  it.each([
    [['scan', '--json', 'clean.tgz', 'bad.tgz']],
    [['scan', '--reporter', 'ndjson', 'clean.tgz']],
    [['completion', 'bash']],
    [['allow', '--list']],
  ])('%j prints the data that was asked for', async (args) => {
    const loud = await place.run(args);
    expect(loud.stdout).not.toBe('');
    const quiet = await place.run([...args, '--quiet']);
    expect([quiet.code, quiet.stdout]).toEqual([loud.code, loud.stdout]);
  });

  it('reports a mistake and an invalid policy on standard error', async () => {
    const mistake = await place.run(['scan', '--quiet', '--reportr', 'x']);
    expect(mistake).toMatchObject({ code: 2, stdout: '' });
    expect(mistake.stderr).toContain("unknown option '--reportr'");
    place.put('tarwarden.json', '{ "levels": 1 }');
    const policy = await place.run(['scan', '--quiet', '--json', 'clean.tgz']);
    expect(policy).toMatchObject({ code: 2, stdout: '' });
    expect(policy.stderr).toMatch(/^tarwarden: .+\n$/);
  });
});

describe('a command that runs a package manager', () => {
  it.each([[['npm', '--json', 'ls'], '--json']])(
    '%j does not take the options of tarwarden',
    async (args, option) => {
      const { code, stderr } = await place.run(args);
      expect(code).toBe(2);
      expect(stderr).toContain(`unknown option "${option}"`);
    },
  );
});
