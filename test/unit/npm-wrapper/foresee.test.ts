/** Signed verdicts are asked for before the tarballs come, all that npm is about to fetch in one question. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RULESET } from '../../../packages/core/src/ruleset.ts';
import { inspect } from '../../../packages/core/src/index.ts';
import { DEFAULT_POLICY } from '../../../packages/core/src/policy/policy.ts';
import { integrityOf, sha512Of } from '../../../packages/host/src/fetch/integrity.ts';
import { PolicyFingerprints } from '../../../packages/host/src/verdict-store/policy-fingerprint.ts';
import { NpmGuard } from '../../../packages/npm-wrapper/src/npm-guard.ts';
import { Tarball } from '../../../packages/npm-wrapper/src/tarball.ts';
import { signVerdict } from '../../../packages/host/src/signed-verdicts/index.ts';
import { freshNpmUser, type NpmUser } from '../../support/npm-guard.ts';
import { tgz } from '../../support/pkg.ts';
import { signer } from '../../support/signed-verdicts.ts';
import { always, storeOfTest, type StoreOfTest } from '../../support/verdict-store.ts';

const core = vi.hoisted(() => ({ inspectKeeping: vi.fn() }));
vi.mock('@tarwarden/core/npm', async (original) => ({
  ...(await original<typeof import('@tarwarden/core/npm')>()),
  ...core,
}));

const ci = signer();
const bytes = tgz();
const integrity = integrityOf(bytes);
const expected = { name: 'fixture', version: '1.0.0' };

/** What a pinned key has signed of the bytes. */
function envelope(): string {
  const sha512 = sha512Of(integrity)!;
  const policy = new PolicyFingerprints(DEFAULT_POLICY).of(sha512);
  const asked = { sha512, format: 'npm', expected, ruleset: RULESET, policy } as const;
  return signVerdict(asked, inspect(bytes, { expected }), ci.key);
}

const node = (name: string, more: object = {}) => ({
  name,
  packageName: expected.name,
  version: expected.version,
  resolved: `https://registry.example/${name}.tgz`,
  integrity,
  isRegistryDependency: true,
  ...more,
});

let user: NpmUser;
let guard: NpmGuard;
let store: StoreOfTest;
beforeEach(async () => {
  user = freshNpmUser();
  core.inspectKeeping.mockReset();
  store = await storeOfTest(always(envelope()));
  user.policy({ verdicts: { url: store.url, keys: [{ key: ci.text }] } });
  guard = new NpmGuard(process.env, () => undefined);
});
afterEach(() => {
  store.close();
  user.dispose();
});

/** As Arborist names what it fetches: all in one turn. */
function foresee(...nodes: object[]): void {
  for (const one of nodes) {
    guard.identities.note(one);
    guard.foresee(one);
  }
}

test('all in one question, and nothing is inspected that was signed', async () => {
  const other = { integrity: integrityOf(tgz({ name: 'other' })), packageName: 'other' };
  foresee(node('a'), node('b', other), node('again'));
  await vi.waitFor(() => expect(store.questions.map((one) => one.length)).toEqual([2]));
  await guard.inspect(Tarball.of(bytes), { label: 'fixture@1.0.0' }, [expected]);
  expect(core.inspectKeeping).not.toHaveBeenCalled();
  expect(store.questions).toHaveLength(1);
});

test('also while the question is under way', async () => {
  foresee(node('a'));
  await guard.inspect(Tarball.of(bytes), { label: 'fixture@1.0.0' }, [expected]);
  expect(core.inspectKeeping).not.toHaveBeenCalled();
  expect(store.questions).toHaveLength(1);
});

test('nothing is asked about what no registry promised, has no hash, or more than one', async () => {
  foresee(
    node('git', { isRegistryDependency: false }),
    node('bare', { integrity: undefined }),
    node('weak', { integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' }),
    node('two', { integrity: `${integrity} ${integrityOf(tgz({ name: 'other' }))}` }),
  );
  await guard.prepare();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(store.questions).toEqual([]);
});

test('a policy that cannot be read is said by what needs it', async () => {
  user.policy('{"nonsense": 1}');
  foresee(node('a'));
  await expect(guard.inspect(Tarball.of(bytes), {}, [expected])).rejects.toThrow(/nonsense/);
});

describe('early, from a lockfile', () => {
  test('all in one question, once, and the identities of the tree stay as they are', async () => {
    const git = { isRegistryDependency: false, integrity: integrityOf(tgz({ name: 'git' })) };
    guard.askEarly([node('a'), node('git', git), node('bare', { integrity: undefined })]);
    guard.askEarly([node('b', { integrity: integrityOf(tgz({ name: 'other' })) })]);
    await vi.waitFor(() => expect(store.questions.map((one) => one.length)).toEqual([1]));
    expect(guard.identities.ofNode(node('a'))).toEqual([]);
    foresee(node('a'));
    await guard.inspect(Tarball.of(bytes), { label: 'fixture@1.0.0' }, [expected]);
    expect(core.inspectKeeping).not.toHaveBeenCalled();
    expect(store.questions).toHaveLength(1);
  });

  test('a policy that cannot be read is no refusal until something is fetched', async () => {
    user.policy('{"nonsense": 1}');
    guard.askEarly([node('a')]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(() => guard.refusals.rethrow()).not.toThrow();
    await expect(guard.prepare()).rejects.toThrow(/nonsense/);
  });

  test('a verdict on another version than the tree has afterwards does not count', async () => {
    guard.askEarly([node('a')]);
    const other = { ...expected, version: '9.9.9' };
    await expect(guard.inspect(Tarball.of(bytes), {}, [other])).rejects.toThrow();
    expect(core.inspectKeeping).toHaveBeenCalled();
  });
});
