import { readLockfile } from '@tarwarden/clients/lockfiles';
import { describe, expect, it } from 'vitest';
import type { LockfileEntry } from '../../../../packages/audit/src/plan.ts';
import { otherPlatformsIn } from '../../../../packages/audit/src/ecosystems/gems/gems.ts';

function entryOf(...gems: readonly string[]): LockfileEntry {
  const specs = gems.map((gem) => `    ${gem}\n`).join('');
  const text = `GEM\n  remote: https://rubygems.org/\n  specs:\n${specs}\nPLATFORMS\n  ruby\n`;
  const lockfile = readLockfile('Gemfile.lock', text);
  const [locked] = lockfile.packages;
  const place = { lockfile: 'Gemfile.lock', line: 1 };
  return { locked: locked!, lockfile, kind: 'gemfile-lock', location: place, folder: '.' };
}

const versions = (info: string, ...gems: readonly string[]): string[] =>
  otherPlatformsIn(info, entryOf(...gems)).map(({ version }) => version);

describe('the gems of a version that a source lists', () => {
  it('are those that the lockfile does not have', () => {
    const info =
      '---\n0.9 \n1.0 x:>= 1|checksum:0\n1.0-java |\n1.0-x86_64-linux a:>= 0&< 2\n1.1-java \n';
    expect(versions(info, 'a (1.0)')).toEqual(['1.0-java', '1.0-x86_64-linux']);
    expect(versions(info, 'a (1.0-java)', 'a (1.0)')).toEqual(['1.0-x86_64-linux']);
    expect(versions(info, 'a (1.0-arm64-darwin)')).toEqual(['1.0', '1.0-java', '1.0-x86_64-linux']);
  });

  it.each([
    ['1.0.0', '1.0-java'],
    ['1', '1.0.0-java'],
    ['1.0', '1.00-java'],
    ['1.0.a', '1.a-java'],
    ['1.0.0.a1', '1.a1-java'],
  ])('are of %s, however the version is written: %s', (locked, listed) => {
    expect(versions(`---\n${listed} \n`, `a (${locked})`)).toEqual([listed]);
  });

  it.each([
    ['1.0', '1.0.1-java'],
    ['1.0', '10-java'],
    ['1.0.a', '1.0-java'],
    ['1.1', '1.01.1-java'],
  ])('are not of %s: %s', (locked, listed) => {
    expect(versions(`---\n${listed} \n`, `a (${locked})`)).toEqual([]);
  });

  it('come with the checksum of the index', () => {
    const zeros = '0'.repeat(64);
    const info = `---\n1.0-java |checksum:${zeros},ruby:>= 3.0\n1.0-x86_64-linux |ruby:>= 3,checksum:${zeros}\n1.0-x |checksum:00\n`;
    const integrity = `sha256-${Buffer.alloc(32).toString('base64')}`;
    expect(otherPlatformsIn(info, entryOf('a (1.0)'))).toEqual([
      { version: '1.0-java', integrity, entry: `|checksum:${zeros},ruby:>= 3.0` },
      { version: '1.0-x86_64-linux', integrity, entry: `|ruby:>= 3,checksum:${zeros}` },
      { version: '1.0-x', entry: '|checksum:00' },
    ]);
  });

  it('are listed without a head, once, and under `ruby` by the plain version', () => {
    expect(versions('1.0-java \n1.0-java \n1.0-ruby \n\n', 'a (1.0-x)')).toEqual([
      '1.0-java',
      '1.0',
    ]);
  });
});
