/** The real RubyGems of the machine: the system's, the one that comes with its Ruby, and others by name. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findProgram } from '../programs.ts';

export interface RubyGems {
  /** `RubyGems 3.6.7`. */
  readonly name: string;
  readonly version: string;
  readonly ruby: string;
  /** Folder that Ruby loads RubyGems from; absent for the system's own. */
  readonly lib?: string;
  readonly bundler: string;
}

function probe(ruby: string, lib?: string): RubyGems {
  const from = lib === undefined ? [] : ['-I', lib];
  const code = `require 'bundler/version'; print Gem::VERSION, ' ', Bundler::VERSION`;
  const env = { PATH: process.env['PATH'] };
  const said = execFileSync(ruby, [...from, '-e', code], { encoding: 'utf8', env });
  const [version = '', bundler = ''] = said.split(' ');
  return { name: `RubyGems ${version}`, version, ruby, bundler, ...(lib !== undefined && { lib }) };
}

/** Where Debian leaves the RubyGems that comes with Ruby, beside the one that it runs. */
function ownLib(ruby: string): string[] {
  const code = `print RbConfig::CONFIG['rubylibdir']`;
  const lib = execFileSync(ruby, ['-e', code], { encoding: 'utf8' });
  return existsSync(join(lib, 'rubygems.rb')) ? [lib] : [];
}

const ruby = findProgram('ruby');

/** Tests that use it have the tag `ruby`, so none of them runs where this is only a name. */
export const system: RubyGems =
  ruby === undefined ? { name: 'RubyGems', version: '0', ruby: 'ruby', bundler: '0' } : probe(ruby);

/** More of them: folders named `lib` of other versions, as of a checkout of RubyGems. */
const others = (process.env['TARWARDEN_RUBYGEMS'] ?? '')
  .split(delimiter)
  .filter((one) => one !== '');

function moreLibs(): readonly string[] {
  return ruby === undefined ? [] : [...ownLib(ruby), ...others];
}

/** Each version once, the system's first. */
export const rubies: readonly RubyGems[] = [
  ...new Map(
    [system, ...moreLibs().map((lib) => probe(system.ruby, lib))]
      .toReversed()
      .map((one) => [one.version, one]),
  ).values(),
].toReversed();

/** Whether it has what came with a version, as `3.5`. */
export function since(version: string, [major, minor]: readonly [number, number]): boolean {
  const [own = 0, ownMinor = 0] = version.split('.').map(Number);
  return own > major || (own === major && ownMinor >= minor);
}
