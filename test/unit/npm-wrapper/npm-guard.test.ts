/** What is kept of a refusal, and what may be unpacked. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PREFACE } from '../../../packages/core/src/containers/tar/preface.ts';
import { NpmGuard, npmPolicyScope } from '../../../packages/npm-wrapper/src/npm-guard.ts';
import type { NpmRefusal } from '../../../packages/npm-wrapper/src/exit.ts';
import { Tarball } from '../../../packages/npm-wrapper/src/tarball.ts';
import { attack } from '../../support/attacks.ts';
import { freshNpmUser, type NpmUser } from '../../support/npm-guard.ts';
import { pkg, tgz } from '../../support/pkg.ts';

const core = vi.hoisted(() => ({ inspectKeeping: vi.fn() }));
vi.mock('@tarwarden/core/npm', async (original) => {
  const real = await original<typeof import('@tarwarden/core/npm')>();
  core.inspectKeeping.mockImplementation(real.inspectKeeping);
  return { ...real, ...core };
});

let user: NpmUser;
let guard: NpmGuard;
const onFirst = vi.fn();
const remade = (env = process.env): NpmGuard => new NpmGuard(env, onFirst);
beforeEach(() => {
  user = freshNpmUser();
  onFirst.mockClear();
  guard = remade();
});
afterEach(() => user.dispose());

const hostile = attack('symlink').build({ name: 'bad' });
const told = (): unknown[] =>
  existsSync(join(user.root, 'status'))
    ? readFileSync(join(user.root, 'status'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown)
    : [];

describe('inspect', () => {
  test('lets accepted bytes be unpacked, once as the tar that was inspected, then as they are', async () => {
    const bytes = tgz();
    expect(guard.toUnpack([bytes])).toBeUndefined();
    await guard.inspect(Tarball.of(bytes), {});
    expect(guard.toUnpack([bytes])).toEqual([Buffer.concat([PREFACE, pkg()])]);
    expect(guard.toUnpack([bytes])).toEqual([bytes]);
    expect(() => guard.refusals.rethrow()).not.toThrow();
    expect(told()).toEqual([]);
    expect(onFirst).not.toHaveBeenCalled();
  });

  test('throws for what is rejected, tells it, and keeps it', async () => {
    const inspected = guard.inspect(Tarball.of(hostile), { label: 'bad@1.0.0' });
    await expect(inspected).rejects.toMatchObject({ code: 'ETARWARDEN' });
    expect(guard.toUnpack([hostile])).toBeUndefined();
    const [refusal] = guard.refusals.all;
    await inspected.catch((error: unknown) => expect(error).toBe(refusal));
    expect(refusal).not.toHaveProperty('cause');
    expect(() => guard.refusals.rethrow()).toThrow(refusal);
    expect(told()).toEqual([{ event: 'blocked', subject: 'bad@1.0.0' }]);
    expect(onFirst).toHaveBeenCalledTimes(1);
  });

  test('throws the first refusal again, not the last', async () => {
    await guard.inspect(Tarball.of(hostile), { label: 'first' }).catch(() => undefined);
    await guard.inspect(Tarball.of(hostile), { label: 'second' }).catch(() => undefined);
    expect(guard.refusals.all.map((one) => one.refused.subject)).toEqual(['first', 'second']);
    expect(() => guard.refusals.rethrow()).toThrow(guard.refusals.all[0]);
  });

  test.each(['the core', 'the inspector'])('treats a failure of %s as a refusal', async (what) => {
    const cause = new Error('boom');
    const fail = (): never => {
      throw cause;
    };
    if (what === 'the core') core.inspectKeeping.mockImplementationOnce(fail);
    else vi.spyOn(await guard.prepare(), 'inspect').mockImplementation(fail);
    const bytes = tgz();
    const failed = guard.inspect(Tarball.of(bytes), { label: 'a@1.0.0' });
    await expect(failed).rejects.toMatchObject({ code: 'ETARWARDEN', cause });
    await expect(failed).rejects.toThrow(/a@1\.0\.0.*reason: {2}the inspection failed \(boom\)/s);
    expect(guard.toUnpack([bytes])).toBeUndefined();
    expect(told()).toEqual([{ event: 'blocked', subject: 'a@1.0.0' }]);
  });
});

describe('what cannot be inspected', () => {
  test('is a refusal like any other', async () => {
    const refusal = await guard.uninspected({ label: 'a@1.0.0' }, 'too long');
    expect(refusal).toMatchObject({ code: 'ETARWARDEN', refused: { subject: 'a@1.0.0' } });
    expect(refusal.message).toContain('too long');
    expect(() => guard.refusals.rethrow()).toThrow(refusal);
    expect(onFirst).toHaveBeenCalled();
  });

  test('is one where nothing can be awaited', () => {
    const refusal = guard.uninspectedNow('it came sideways');
    expect(refusal.refused).toEqual({
      subject: 'a tarball',
      reasons: ['it came sideways'],
      remedies: [],
      block: 'tarwarden: not inspected, so not installed: a tarball\n  reason:  it came sideways',
    });
    expect(() => guard.refusals.rethrow()).toThrow(refusal);
  });
});

describe('a file of the project', () => {
  test('is refused with what to do, told, and kept', () => {
    const refusal = guard.refuseProject('node_modules', 'it is a link', 'remove it');
    expect(refusal.message).toBe(
      'tarwarden: nothing is installed: it is a link\nwhat to do: remove it',
    );
    expect(refusal.refused).toMatchObject({
      subject: 'node_modules',
      inProject: true,
      reasons: ['it is a link'],
      remedies: ['remove it'],
    });
    expect(() => guard.refusals.rethrow()).toThrow(refusal);
    expect(told()).toEqual([{ event: 'blocked', subject: 'node_modules' }]);
    expect(onFirst).toHaveBeenCalledTimes(1);
  });
});

describe('prepare', () => {
  test('loads one inspector for all', async () => {
    expect(await guard.prepare()).toBe(await guard.prepare());
  });

  test('refuses everything where the policy is wrong, and tells it once', async () => {
    user.policy('{"nonsense": 1}');
    const first = await guard.prepare().catch((error: unknown) => error);
    const second = await guard.prepare().catch((error: unknown) => error);
    expect(second).toBe(first);
    expect(first).toMatchObject({
      code: 'ETARWARDEN',
      refused: {
        subject: 'every package',
        remedies: ['correct this problem, then run the command again'],
      },
    });
    const { refused, cause } = first as NpmRefusal;
    expect(refused.block).toMatch(
      /^tarwarden: nothing can be inspected, so nothing is installed: .*nonsense/,
    );
    expect(refused.reasons).toEqual([(cause as Error).message]);
    expect(told()).toHaveLength(1);
    await expect(guard.inspect(Tarball.of(tgz()), {})).rejects.toBe(first);
  });

  test('tells the warnings of a policy on standard error', async () => {
    const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    user.policy({
      exceptions: [
        {
          package: 'a@1.0.0',
          rule: 'symlink',
          sha512: 'a'.repeat(128),
          reason: 'known',
          expires: '2020-01-01',
        },
      ],
    });
    await guard.prepare();
    const lines = written.mock.calls.map(([text]) => String(text));
    expect(lines).toEqual([expect.stringMatching(/^tarwarden: .*expired on 2020-01-01.*\n$/)]);
  });
});

describe('npmPolicyScope', () => {
  const env = { npm_config_local_prefix: '/work/project' };

  test('is the project for what goes into it', () => {
    expect(npmPolicyScope({ opts: { npmCommand: 'install' } }, env)).toEqual({
      env,
      project: '/work/project',
    });
  });

  test.each(['/p/node_modules-x/y', '/p/my-node_modules/y', 'node_modules/x'])(
    'is a project that is only called so: %s',
    (project) => {
      const environment = { npm_config_local_prefix: project };
      expect(npmPolicyScope({}, environment)).toStrictEqual({ env: environment, project });
    },
  );

  test.each([
    ['a global install', { opts: { global: true } }, env],
    ['npx', { opts: { npmCommand: 'exec' } }, env],
    ['npm init', { opts: { npmCommand: 'init' } }, env],
    ['a git dependency in preparation', {}, { ...env, _PACOTE_NO_PREPARE_: 'git+…' }],
    ['a package in node_modules', {}, { npm_config_local_prefix: '/p/node_modules/x' }],
    ['node_modules itself', {}, { npm_config_local_prefix: '/p/node_modules' }],
    ['an unknown project', {}, {}],
  ])('is nobody’s for %s', (_, fetcher, environment) => {
    expect(npmPolicyScope(fetcher, environment)).toStrictEqual({ env: environment });
  });
});
