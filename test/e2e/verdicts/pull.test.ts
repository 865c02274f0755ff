/* `tarwarden verdicts pull` of a lockfile with more packages than go into one question. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULT_POLICY, RULESET } from '@tarwarden/core';
import { PolicyFingerprints } from '@tarwarden/host';
import { addressOf, signVerdict } from '@tarwarden/host/signed-verdicts';
import { freshEach } from '../../support/fresh-each.ts';
import { makeSandbox } from '../../support/sandbox.ts';
import { signer, verdictOn } from '../../support/signed-verdicts.ts';
import { storeOfTest, type StoreOfTest } from '../../support/verdict-store.ts';
import { believe, tarwarden } from './support.ts';

const ci = signer();
const policies = new PolicyFingerprints(DEFAULT_POLICY);
const signed = new Map<string, string>();
const packages: Record<string, object> = { '': { name: 'project', version: '1.0.0' } };
for (let index = 0; index < 1_200; index += 1) {
  const name = `package-${index}`;
  const expected = { name, version: '1.0.0' };
  const verdict = verdictOn(name);
  const { sha512, integrity } = verdict.archive;
  const asked = {
    sha512,
    format: 'npm',
    expected,
    ruleset: RULESET,
    policy: policies.of(sha512),
  } as const;
  signed.set(addressOf(asked), signVerdict(asked, verdict, ci.key));
  const resolved = `https://registry.npmjs.org/${name}/-/${name}-1.0.0.tgz`;
  packages[`node_modules/${name}`] = { version: '1.0.0', resolved, integrity };
}

const runner = freshEach(() => makeSandbox());
let store: StoreOfTest;
beforeEach(() => {
  runner.write({
    'package.json': { name: 'project', version: '1.0.0' },
    'package-lock.json': { name: 'project', version: '1.0.0', lockfileVersion: 3, packages },
  });
});
afterEach(() => store.close());

test('1,200 packages take three questions', async () => {
  store = await storeOfTest(
    (addresses, response) =>
      void response.end(addresses.flatMap((one) => signed.get(one) ?? []).join('\n')),
  );
  believe(runner, { url: store.url, keys: [{ key: ci.text }] });
  expect(await tarwarden(runner, ['verdicts', 'pull'])).toMatchObject({
    code: 0,
    stdout: '1200 packages: 0 known here, 1200 signed by others, 0 to be inspected\n',
    stderr: '',
  });
  // They are asked at once, so that any may come first.
  const sizes = store.questions.map((one) => one.length);
  expect(sizes.toSorted((one, other) => other - one)).toEqual([500, 500, 200]);
  const { stdout } = await tarwarden(runner, ['verdicts', 'pull', '--json']);
  const counts = { packages: 1200, known: 1200, signed: 0, left: 0 };
  expect(JSON.parse(stdout)).toEqual({ schema: 1, ...counts, problem: null });
  expect(store.questions).toHaveLength(3);
});

test('a store that answers with a page is asked no more, and that is said', async () => {
  store = await storeOfTest((_, response) => void response.end('<!doctype html>'));
  believe(runner, { url: store.url, keys: [{ key: ci.text }] });
  expect(await tarwarden(runner, ['verdicts', 'pull'])).toMatchObject({
    code: 2,
    stdout: '1200 packages: 0 known here, 0 signed by others, 1200 to be inspected\n',
    stderr: expect.stringContaining(
      'the store was not asked to the end: it sent something else than signed verdicts',
    ) as unknown,
  });
  expect(store.questions.length).toBeLessThanOrEqual(2);
});
