import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  mark,
  refuseOtherPnpmfiles,
} from '../../../packages/pnpm-hook/src/pnpmfiles/other-pnpmfiles.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

let folder: string;
freshFolder((made) => (folder = made));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, `module.exports = ${text}\n`);
  return path;
}

const OURS = '{ [Symbol.for("tarwarden.fetcher")]: true }';

const OURS_LOADED = { [Symbol.for('tarwarden.fetcher')]: true };

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
    expect(() => refuseOtherPnpmfiles({ pnpmfile })).toThrow(
      expect.objectContaining({ reason: 'NOT_INSPECTED', message: expect.stringContaining(why) }),
    );
  });

  // What pnpm shows of a module that awaits, which cannot be required.
  it.each([
    ['importPackage', { importPackage: () => 'copy' }, 'links'],
    ['fetchers before ours', { customFetchers: [{}, OURS_LOADED] }, 'come before'],
  ])('refuses %s where no file shows it', (_, hooks, why) => {
    const pnpmfile = [join(folder, 'awaits.mjs')];
    expect(() => refuseOtherPnpmfiles({ pnpmfile, hooks })).toThrow(
      expect.objectContaining({ reason: 'NOT_INSPECTED', message: expect.stringContaining(why) }),
    );
  });

  it.each([
    ['nothing', {}],
    ['no fetchers', { customFetchers: [] }],
    ['fetchers after ours', { customFetchers: [OURS_LOADED, {}] }],
  ])('takes %s where no file shows it', (_, hooks) => {
    expect(() => refuseOtherPnpmfiles({ pnpmfile: [], hooks })).not.toThrow();
  });

  it('takes one path in place of a list', () => {
    const pnpmfile = file('one.cjs', '{ fetchers: [{}] }');
    expect(() => refuseOtherPnpmfiles({ pnpmfile })).toThrow('one.cjs');
  });

  it('says what to do', () => {
    const pnpmfile = file('one.cjs', '{ fetchers: [{}] }');
    expect(() => refuseOtherPnpmfiles({ pnpmfile })).toThrow('use compose() of tarwarden');
  });

  it('has nothing against a pnpmfile that is not there, or a setting that names none', () => {
    const absent = join(folder, 'absent.cjs');
    for (const pnpmfile of [absent, [absent, file('ours.cjs', `{ fetchers: [${OURS}] }`)], [true]])
      expect(() => refuseOtherPnpmfiles({ pnpmfile })).not.toThrow();
    expect(() => refuseOtherPnpmfiles({})).not.toThrow();
  });
});

describe('mark', () => {
  it('has fetchers known for ours, and does not show it', () => {
    const [fetcher] = mark([{ canFetch: true }]);
    expect(Reflect.get(fetcher as object, Symbol.for('tarwarden.fetcher'))).toBe(true);
    expect({ ...fetcher }).toStrictEqual({ canFetch: true });
  });
});
