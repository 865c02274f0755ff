import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { refuseOtherPnpmfiles } from '../../../packages/pnpm-hook/src/other-pnpmfiles.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tarwarden-pnpmfiles-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, `module.exports = ${text}\n`);
  return path;
}

const OURS = '{ [Symbol.for("tarwarden.fetcher")]: true }';

describe('refuseOtherPnpmfiles', () => {
  it.each([
    ['ours alone', [`{ fetchers: [${OURS}] }`]],
    ['hooks beside ours', ['{ hooks: { readPackage() {} } }', `{ fetchers: [${OURS}] }`]],
    ['two copies of ours', [`{ fetchers: [${OURS}] }`, `{ fetchers: [${OURS}] }`]],
    ['fetchers after ours', [`{ fetchers: [${OURS}, {}] }`, '{ fetchers: [{}] }']],
    ['none at all', ['undefined', '{ fetchers: [] }']],
  ])('takes %s', (_, texts) => {
    const pnpmfile = texts.map((text, at) => file(`${at}.cjs`, text));
    expect(() => refuseOtherPnpmfiles({ pnpmfile })).not.toThrow();
  });

  it.each([
    ['fetchers before ours', ['{ fetchers: [{}] }', `{ fetchers: [${OURS}] }`], 'come before'],
    ['fetchers before ours in one file', [`{ fetchers: [{}, ${OURS}] }`], 'come before'],
    ['importPackage', [`{ fetchers: [${OURS}] }`, '{ hooks: { importPackage() {} } }'], 'links'],
  ])('refuses %s', (_, texts, why) => {
    const pnpmfile = texts.map((text, at) => file(`${at}.cjs`, text));
    expect(() => refuseOtherPnpmfiles({ pnpmfile })).toThrow(why);
  });

  it('takes one path in place of a list', () => {
    const pnpmfile = file('one.cjs', '{ fetchers: [{}] }');
    expect(() => refuseOtherPnpmfiles({ pnpmfile })).toThrow('one.cjs');
  });
});
