import { quote } from '../text/printable.ts';
import type { YamlDocument, YamlNode } from './yaml/index.ts';

/** Classes of which RubyGems makes objects (safe_yaml.rb), and kinds of text. */
const TAGS: Readonly<Record<string, YamlNode['kind']>> = {
  '!ruby/object:Gem::Dependency': 'map',
  '!ruby/object:Gem::Platform': 'map',
  '!ruby/object:Gem::Requirement': 'map',
  '!ruby/object:Gem::Specification': 'map',
  '!ruby/object:Gem::Version': 'map',
  '!ruby/object:Gem::Version::Requirement': 'map',
  '!binary': 'scalar',
  '!str': 'scalar',
};
const SYMBOLS: ReadonlySet<string> = new Set([':development', ':runtime']);

/** What RubyGems would refuse to make of a document, in words. */
export function classesOf({ tags, symbols }: Extract<YamlDocument, { ok: true }>): string[] {
  const found: string[] = [];
  for (const [tag, kinds] of tags) {
    const allowed = Object.hasOwn(TAGS, tag) ? TAGS[tag] : undefined;
    if ([...kinds].some((kind) => kind !== allowed)) found.push(`the tag ${quote(tag)}`);
  }
  for (const symbol of symbols) if (!SYMBOLS.has(symbol)) found.push(`the symbol ${quote(symbol)}`);
  return found;
}
