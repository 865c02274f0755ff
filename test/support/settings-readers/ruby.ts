import { fileURLToPath } from 'node:url';
import type { RubyGems } from '../gem/rubies.ts';
import { askAll } from './neighbours.ts';
import type { Answer, WrittenCase } from './subject.ts';

const script = fileURLToPath(new URL('ruby-config.rb', import.meta.url));

/** A Ruby program's own answers, by a RubyGems. */
export function askRuby(
  asked: 'rubygems' | 'bundler' | 'mirror',
  { ruby, lib }: RubyGems,
  cases: readonly WrittenCase[],
): readonly Answer[] {
  const from = lib === undefined ? [] : ['-I', lib];
  return askAll(ruby, ['-EUTF-8', '-W0', ...from, script, asked], cases);
}
