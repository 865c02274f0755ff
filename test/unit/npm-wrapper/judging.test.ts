/** What is kept of a refusal, and what may be unpacked. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PREFACE } from '../../../packages/core/src/containers/tar/preface.ts';
import { attack } from '../../support/attacks.ts';
import { freshNpmUser, type NpmUser } from '../../support/npm-guard.ts';
import { pkg, tgz } from '../../support/pkg.ts';

const listAtExit = vi.hoisted(() => vi.fn());
vi.mock('../../../packages/npm-wrapper/src/exit.ts', () => ({ listAtExit }));

type Judging = typeof import('../../../packages/npm-wrapper/src/judging.ts');
type Refusals = typeof import('../../../packages/npm-wrapper/src/refusal.ts');

let user: NpmUser;
let judging: Judging;
let refusals: Refusals;
beforeEach(async () => {
  user = freshNpmUser();
  // It keeps one inspector, and every refusal, for its process.
  vi.resetModules();
  listAtExit.mockClear();
  judging = await import('../../../packages/npm-wrapper/src/judging.ts');
  refusals = await import('../../../packages/npm-wrapper/src/refusal.ts');
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

describe('judge', () => {
  test('lets accepted bytes be unpacked, once as the tar that was judged, then as they are', async () => {
    const bytes = tgz();
    expect(judging.toUnpack(bytes)).toBeUndefined();
    await judging.judge(bytes, { expected: [] });
    expect(judging.toUnpack(bytes)).toEqual(Buffer.concat([PREFACE, pkg()]));
    expect(judging.toUnpack(bytes)).toBe(bytes);
    expect(() => judging.rethrow()).not.toThrow();
    expect(told()).toEqual([]);
    expect(listAtExit).not.toHaveBeenCalled();
  });

  test('throws for what is rejected, tells it, and keeps it', async () => {
    const judged = judging.judge(hostile, { label: 'bad@1.0.0', expected: [] });
    await expect(judged).rejects.toMatchObject({ code: 'ETARWARDEN' });
    expect(judging.toUnpack(hostile)).toBeUndefined();
    const [refusal] = refusals.allRefusals();
    await judged.catch((error: unknown) => expect(error).toBe(refusal));
    expect(refusal).not.toHaveProperty('cause');
    expect(() => judging.rethrow()).toThrow(refusal);
    expect(told()).toEqual([{ event: 'blocked', subject: 'bad@1.0.0' }]);
    expect(listAtExit).toHaveBeenCalledTimes(1);
  });

  test('throws the first refusal again, not the last', async () => {
    await judging.judge(hostile, { label: 'first', expected: [] }).catch(() => undefined);
    await judging.judge(hostile, { label: 'second', expected: [] }).catch(() => undefined);
    expect(refusals.allRefusals().map((one) => one.refused.subject)).toEqual(['first', 'second']);
    expect(() => judging.rethrow()).toThrow(refusals.allRefusals()[0]);
  });

  test('takes a failure of the inspector for a refusal', async () => {
    const { inspector } = await judging.prepare();
    const cause = new Error('boom');
    vi.spyOn(inspector, 'judge').mockImplementation(() => {
      throw cause;
    });
    const bytes = tgz();
    const judged = judging.judge(bytes, { label: 'a@1.0.0', expected: [] });
    await expect(judged).rejects.toMatchObject({ code: 'ETARWARDEN', cause });
    await expect(judged).rejects.toThrow(/the inspector failed/);
    expect(judging.toUnpack(bytes)).toBeUndefined();
    expect(told()).toEqual([{ event: 'blocked', subject: 'a@1.0.0' }]);
  });
});

describe('what cannot be judged', () => {
  test('is a refusal like any other', async () => {
    const refusal = await judging.cannotJudge({ label: 'a@1.0.0', expected: [] }, 'too long');
    expect(refusal).toMatchObject({ code: 'ETARWARDEN', refused: { subject: 'a@1.0.0' } });
    expect(refusal.message).toContain('too long');
    expect(() => judging.rethrow()).toThrow(refusal);
    expect(listAtExit).toHaveBeenCalled();
  });

  test('is one where nothing can be awaited', () => {
    const refusal = judging.cannotInspect('it came sideways');
    expect(refusal.refused).toEqual({
      subject: 'a tarball',
      reasons: ['it came sideways'],
      remedies: [],
      message:
        'tarwarden: a tarball could not be inspected: it came sideways; nothing of it was unpacked',
    });
    expect(() => judging.rethrow()).toThrow(refusal);
  });
});

describe('a file of the project', () => {
  test('is refused with what to do, told, and kept', () => {
    const refusal = judging.refuseProject('node_modules', 'it is a link', 'remove it');
    expect(refusal.message).toBe(
      'tarwarden: nothing is installed: it is a link\nwhat to do: remove it',
    );
    expect(refusal.refused).toMatchObject({
      subject: 'node_modules',
      inProject: true,
      reasons: ['it is a link'],
      remedies: ['remove it'],
    });
    expect(() => judging.rethrow()).toThrow(refusal);
    expect(told()).toEqual([{ event: 'blocked', subject: 'node_modules' }]);
    expect(listAtExit).toHaveBeenCalledTimes(1);
  });
});

describe('prepare', () => {
  test('loads one inspector for all', async () => {
    expect((await judging.prepare()).inspector).toBe((await judging.prepare()).inspector);
  });

  test('refuses everything where the policy is wrong, and tells it once', async () => {
    user.policy('{"nonsense": 1}');
    const first = await judging.prepare().catch((error: unknown) => error);
    const second = await judging.prepare().catch((error: unknown) => error);
    expect(second).toBe(first);
    expect(first).toMatchObject({
      code: 'ETARWARDEN',
      refused: { subject: 'every package', remedies: [] },
    });
    const { refused, cause } = first as InstanceType<Refusals['Refusal']>;
    expect(refused.message).toMatch(
      /^tarwarden: nothing can be inspected, so nothing is installed: .*nonsense/,
    );
    expect(refused.reasons).toEqual([(cause as Error).message]);
    expect(told()).toHaveLength(1);
    await expect(judging.judge(tgz(), { expected: [] })).rejects.toBe(first);
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
    await judging.prepare();
    const lines = written.mock.calls.map(([text]) => String(text));
    expect(lines).toEqual([expect.stringMatching(/^tarwarden: .*expired on 2020-01-01.*\n$/)]);
  });
});

describe('placeOf', () => {
  const env = { npm_config_local_prefix: '/work/project' };

  test('is the project for what goes into it', () => {
    expect(judging.placeOf({ opts: { npmCommand: 'install' } }, env)).toEqual({
      env,
      project: '/work/project',
    });
  });

  test.each(['/p/node_modules-x/y', '/p/my-node_modules/y', 'node_modules/x'])(
    'is a project that is only called so: %s',
    (project) => {
      const environment = { npm_config_local_prefix: project };
      expect(judging.placeOf({}, environment)).toStrictEqual({ env: environment, project });
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
    expect(judging.placeOf(fetcher, environment)).toStrictEqual({ env: environment });
  });
});
