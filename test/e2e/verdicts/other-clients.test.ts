/*
 * pip, gem and go take verdicts that others have signed. What is signed here is wrong on purpose: what is in order is said to be
 * rejected, so that a refusal shows that nobody inspected it.
 */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inspect, RULESET, type ExpectedPackage, type Format } from '@tarwarden/core';
import { PolicyFingerprints } from '@tarwarden/host';
import { DEFAULT_POLICY } from '@tarwarden/core';
import { signVerdict } from '@tarwarden/host/signed-verdicts';
import { makeGem } from '../../support/gem/gems.ts';
import { system as systemRuby } from '../../support/gem/rubies.ts';
import { rubyWorld } from '../../support/gem/world.ts';
import { closeGoBench, guarded, makeGoBench, MODULE } from '../../support/go/bench.ts';
import { wheelOf } from '../../support/pip/packages.ts';
import { system as systemPip } from '../../support/pip/pips.ts';
import { INTO, pipWorld } from '../../support/pip/world.ts';
import type { Sandbox } from '../../support/sandbox.ts';
import { signer, type Signer } from '../../support/signed-verdicts.ts';
import { storeOfTest, type StoreOfTest } from '../../support/verdict-store.ts';
import { believe } from './support.ts';

let store: StoreOfTest;
let envelopes: string[];
let ci: Signer;
const closing: (() => void | Promise<void>)[] = [];
beforeEach(async () => {
  ci = signer();
  envelopes = [];
  store = await storeOfTest(
    (_, response) => void response.end(envelopes.map((one) => `${one}\n`).join('')),
  );
  closing.push(() => store.close());
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Signs that an archive is rejected, whichever of these identities is asked for. */
function reject(bytes: Buffer, format: Format, identities: readonly ExpectedPackage[]): void {
  const verdict = inspect(bytes, { format });
  expect(verdict.status).toBe('accept');
  const { sha512 } = verdict.archive;
  const finding = {
    rule: 'escaping-path',
    code: 'path-traversal',
    level: 'error',
    message: 'signed elsewhere',
  } as const;
  for (const expected of identities) {
    const asked = {
      sha512,
      format,
      expected,
      ruleset: RULESET,
      policy: new PolicyFingerprints(DEFAULT_POLICY).of(sha512),
    };
    const said = { ...verdict, status: 'reject', findings: [finding] } as const;
    envelopes.push(signVerdict(asked, said, ci.key));
  }
}

function trust(sandbox: Sandbox): void {
  believe(sandbox, { url: store.url, keys: [{ key: ci.text }] });
}

describe('a signed rejection', () => {
  test('is believed by pip', { tags: ['pip'] }, async () => {
    const own = pipWorld(systemPip);
    closing.push(() => own.dispose());
    const wheel = wheelOf({ name: 'clean', version: '1.0' });
    const fileName = 'clean-1.0-py3-none-any.whl';
    reject(wheel.bytes, 'wheel', [
      { fileName },
      { name: 'clean', fileName },
      { name: 'clean', version: '1.0', fileName },
    ]);
    const install = ['pip', 'install', ...INTO, '--no-deps', own.put(wheel)] as const;
    expect(await own.guarded(...install)).toMatchObject({ code: 0 });
    trust(own.sandbox);
    const { code, stderr } = await own.guarded(...install, '--upgrade');
    // What was inspected here before goes first.
    expect([code, store.questions]).toEqual([0, []]);
    const other = { ...own.env, XDG_CACHE_HOME: `${own.sandbox.root}/other-cache` };
    Object.assign(own.env, other);
    const refused = await own.guarded(...install, '--upgrade');
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain('signed elsewhere');
    expect(stderr).not.toContain('signed elsewhere');
  });

  test('is believed by gem', { tags: ['ruby'] }, async () => {
    const own = rubyWorld(systemRuby);
    closing.push(() => own.dispose());
    const gem = makeGem({ name: 'clean' });
    const file = own.put(gem);
    reject(readFileSync(`${own.sandbox.project}/${file}`), 'gem', [
      { fileName: file },
      { name: 'clean', version: '1.0.0', fileName: file },
    ]);
    trust(own.sandbox);
    const result = await own.guarded('gem', 'install', '--no-document', '--local', `./${file}`);
    expect(result.code).not.toBe(0);
    expect(result.stderr).toContain('signed elsewhere');
  });

  test('is believed by go', { tags: ['go'] }, async () => {
    const bench = await makeGoBench();
    closing.push(() => closeGoBench(bench));
    bench.proxy.publish({ module: MODULE });
    const bytes = await zipOf(`${bench.proxy.url}/example.org/team/subject/@v/v1.2.3.zip`);
    reject(bytes, 'gomod', [{ name: 'example.org/team/subject', version: 'v1.2.3' }]);
    trust(bench.sandbox);
    const result = await guarded(bench, ['mod', 'download', MODULE]);
    expect(result.code).not.toBe(0);
    expect(result.stderr).toContain('signed elsewhere');
  });
});

async function zipOf(url: string): Promise<Buffer> {
  return Buffer.from(await (await fetch(url)).arrayBuffer());
}
