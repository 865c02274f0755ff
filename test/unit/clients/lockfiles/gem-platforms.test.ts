import { readLockfile } from '@tarwarden/clients/lockfiles';
import { expect, it } from 'vitest';

/** The gems of which the lockfile does not say for which platform they are installed. */
function open(gems: readonly string[], platforms: readonly string[], section = 'GEM'): string[] {
  const specs = gems.map((gem) => `    ${gem}\n`).join('');
  const list = platforms.map((one) => `  ${one}\n`).join('');
  const text = `${section}\n  remote: https://rubygems.org/\n  specs:\n${specs}\nPLATFORMS\n${list}\n`;
  const { packages } = readLockfile('Gemfile.lock', text);
  return packages.filter((one) => one.anyPlatform === true).map(({ key }) => key);
}

it.each([
  ['`ruby` alone', ['ruby']],
  ['nothing', []],
  ['an empty line', ['']],
  ['`jruby`', ['jruby', 'x86_64-linux']],
  ['more than any lockfile', Array.from({ length: 300 }, (_, n) => `x86_64-linux-${n}`)],
  ['`java`, which is generic for JRuby', ['java', 'x86_64-linux']],
])('leaves every gem open where PLATFORMS has %s, each version once', (_title, platforms) => {
  expect(open(['a (1.0)', 'b (2.0)', 'b (2.0-x86_64-linux)', 'b (2.1)'], platforms)).toEqual([
    'a (1.0)',
    'b (2.0)',
    'b (2.1)',
  ]);
});

it.each([
  ['one', ['x86_64-linux'], 'a (1.0-arm64-darwin)'],
  ['one of two', ['x86_64-linux', 'arm64-darwin'], 'a (1.0-arm64-darwin)'],
  ['another libc', ['x86_64-linux-musl'], 'a (1.0-x86_64-linux-gnu)'],
  ['another processor', ['aarch64-linux'], 'a (1.0-x86_64-linux)'],
])('leaves a gem open that is locked for none that fits: %s', (_title, platforms, gem) => {
  expect(open([gem], ['ruby', ...platforms])).toEqual([gem]);
});

it.each([
  ['a gem for ruby', ['ruby', 'x86_64-linux'], ['a (1.0)']],
  ['a gem for ruby, beside others', ['arm64-darwin', 'x64-mingw'], ['a (1.0)', 'a (1.0-java)']],
  [
    'one for each',
    ['arm64-darwin', 'x86_64-linux'],
    ['a (1.0-arm64-darwin)', 'a (1.0-x86_64-linux)'],
  ],
  ['one for every libc', ['x86_64-linux-gnu', 'x86_64-linux-musl'], ['a (1.0-x86_64-linux)']],
  ['one for every processor', ['arm64-darwin', 'x86_64-darwin-22'], ['a (1.0-universal-darwin)']],
  ['one for every version', ['arm64-darwin-23'], ['a (1.0-arm64-darwin)']],
])('knows what is installed of %s', (_title, platforms, gems) => {
  expect(open(gems, platforms)).toEqual([]);
});

it('is silent about what comes from git or a folder', () => {
  expect(open(['a (1.0)'], ['ruby'], 'GIT')).toEqual([]);
  expect(open(['a (1.0)'], ['ruby'], 'PATH')).toEqual([]);
});
