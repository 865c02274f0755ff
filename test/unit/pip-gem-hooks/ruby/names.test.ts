/** The guard asks about each name that is not a plain word. Without Ruby there is nothing to try. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import {
  HOSTILE_NAMES,
  HOSTILE_PLATFORMS,
  HOSTILE_VERSIONS,
  ORDINARY_NAMES,
} from '../../../support/gem/names.ts';
import { findProgram } from '../../../support/programs.ts';

const guard = fileURLToPath(
  new URL('../../../../packages/pip-gem-hooks/guard/ruby/tarwarden_names.rb', import.meta.url),
);
const ruby = findProgram('ruby');

/** Prints, for each [name, version, platform], how often the wrapper is asked when it comes twice. */
const SCRIPT = `
require 'json'
module Tarwarden
  def self.refused; end
  def self.ask(*) = (@asked += 1; ['accept', ''])
  def self.count = (@asked = 0; 2.times { yield }; @asked)
end
require ARGV[0]
puts JSON.generate(JSON.parse($stdin.read).map { |parts| Tarwarden.count { Tarwarden.check_name(*parts) } })
`;

function timesAsked(all: readonly (readonly string[])[]): number[] {
  const input = JSON.stringify(all);
  const printed = execFileSync(ruby!, ['-e', SCRIPT, guard], { input, encoding: 'utf8' });
  return JSON.parse(printed) as number[];
}

it.skipIf(ruby === undefined)('asks about every name that a path leads elsewhere by', () => {
  const hostile = [
    ...HOSTILE_NAMES.map((name) => [name]),
    ...HOSTILE_VERSIONS.map((version) => ['x', version]),
    ...HOSTILE_PLATFORMS.map((platform) => ['x', '1.0', platform]),
  ];
  expect(timesAsked(hostile)).toEqual(hostile.map(() => 1));
});

it.skipIf(ruby === undefined)('asks once about a name with a dot, and never about a word', () => {
  const asked = timesAsked(ORDINARY_NAMES.map((name) => [name, '1.0.0.pre', 'x86_64-linux']));
  expect(asked).toEqual(ORDINARY_NAMES.map((name) => (name.includes('.') ? 1 : 0)));
});
