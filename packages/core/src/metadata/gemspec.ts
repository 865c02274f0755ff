import { isUtf8 } from 'node:buffer';

import { MAX_GEMSPEC_DEPTH, MAX_GEMSPEC_REPEATED, MAX_GEMSPEC_VALUES } from '../limits.ts';
import { quote } from '../text/printable.ts';
import { withoutTrailing } from '../text/trailing.ts';
import { gemspecStatements } from './gem-entry.ts';
import type { IndexStatements } from './index-claim.ts';
import { misshapenField } from './gemspec-shape.ts';
import { isText, readYaml, type YamlDocument, type YamlMap, type YamlNode } from './yaml/reader.ts';

/** A gemspec, or the problem that stopped reading it. */
export type Gemspec =
  | {
      readonly ok: true;
      readonly name: string;
      readonly version: string;
      /** The platforms as the document spells them. RubyGems converts them to a form of its own. */
      readonly platforms: readonly string[];
      readonly bindir: string;
      readonly executables: readonly string[];
      readonly extensions: readonly string[];
      readonly requirePaths: readonly string[];
      readonly files: readonly string[];
      readonly testFiles: readonly string[];
      readonly rdocFiles: readonly string[];
      readonly rdocOptions: readonly string[];
      readonly declares: IndexStatements;
      /** Fields that no RubyGems writes. */
      readonly unknown: readonly string[];
      /** Classes and symbols that RubyGems refuses to create, in words. */
      readonly classes: readonly string[];
      readonly repeated: readonly string[];
    }
  | {
      readonly ok: false;
      /** The problem in words. Hostile text in it is already quoted. */
      readonly problem: string;
    };

const SPECIFICATION = '!ruby/object:Gem::Specification';
const VERSION = '!ruby/object:Gem::Version';
const PLATFORM = '!ruby/object:Gem::Platform';

/** Fields that some version of RubyGems wrote. Any other field would overwrite a value that RubyGems computes from these. */
const FIELDS: ReadonlySet<string> = new Set([
  'author',
  'authors',
  'autorequire',
  'bindir',
  'cert_chain',
  'date',
  'default_executable',
  'dependencies',
  'description',
  'email',
  'executables',
  'extensions',
  'extra_rdoc_files',
  'files',
  'has_rdoc',
  'homepage',
  'licenses',
  'metadata',
  'name',
  'original_platform',
  'platform',
  'post_install_message',
  'rdoc_options',
  'require_paths',
  'required_ruby_version',
  'required_rubygems_version',
  'requirements',
  'rubyforge_project',
  'rubygems_version',
  'signing_key',
  'specification_version',
  'summary',
  'test_files',
  'test_suite_file',
  'version',
]);

/** Thrown for a value that RubyGems never writes. It never leaves `parseGemspec`. */
class Malformed extends Error {}

/** Reads the document `metadata` of a gem. */
export function parseGemspec(bytes: Buffer): Gemspec {
  if (!isUtf8(bytes)) return { ok: false, problem: 'it is not valid UTF-8' };
  // RubyGems removes this text before it reads the document.
  const text = bytes.toString('utf8').replaceAll(' !!null \n', ' \n');
  // If the mark is missing, RubyGems first adds it.
  if (!text.startsWith('--- ')) return { ok: false, problem: 'it does not begin with `--- `' };
  const document = readYaml(text, {
    values: MAX_GEMSPEC_VALUES,
    depth: MAX_GEMSPEC_DEPTH,
    repeated: MAX_GEMSPEC_REPEATED,
  });
  if (!document.ok)
    return {
      ok: false,
      problem: `it is not YAML as RubyGems writes it: line ${document.line}: ${document.problem}`,
    };
  const { root, repeated } = document;
  if (root.kind !== 'map' || root.tag !== SPECIFICATION)
    return { ok: false, problem: 'it does not hold a Gem::Specification' };
  try {
    return { ok: true, ...fieldsOf(root), classes: oddValues(document, root), repeated };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { ok: false, problem: error.message };
  }
}

/** Values that no RubyGems writes. A refused class is enough to reject the gem, so the shape is checked only without one. */
function oddValues(document: Extract<YamlDocument, { ok: true }>, root: YamlMap): string[] {
  const classes = classesOf(document);
  if (classes.length > 0) return classes;
  const field = misshapenField(root);
  return field === undefined ? [] : [`what is in the field ${quote(field)}`];
}

type Fields = Omit<Extract<Gemspec, { ok: true }>, 'ok' | 'classes' | 'repeated'>;

function fieldsOf(root: YamlMap): Fields {
  const { entries } = root;
  return {
    name: gemspecText('name', entries.get('name')),
    version: versionOf(entries.get('version')),
    platforms: ['platform', 'original_platform'].flatMap((field) =>
      platformOf(field, entries.get(field)),
    ),
    bindir: optional(entries.get('bindir'), 'bin', (node) => gemspecText('bindir', node)),
    executables: listOf('executables', entries.get('executables')),
    extensions: listOf('extensions', entries.get('extensions')),
    requirePaths: requirePathsOf(entries.get('require_paths')),
    files: listOf('files', entries.get('files')),
    testFiles: listOf('test_files', entries.get('test_files')),
    rdocFiles: listOf('extra_rdoc_files', entries.get('extra_rdoc_files')),
    rdocOptions: listOf('rdoc_options', entries.get('rdoc_options')),
    declares: gemspecStatements(root),
    unknown: [...entries.keys()].filter((field) => !FIELDS.has(field)),
  };
}

function versionOf(node: YamlNode | undefined): string {
  if (node?.kind !== 'map' || node.tag !== VERSION)
    throw new Malformed('its version is not a Gem::Version');
  return gemspecText('version', node.entries.get('version'));
}

/** The platform: a text, or an object with its parts, as old RubyGems wrote it. */
function platformOf(field: string, node: YamlNode | undefined): readonly string[] {
  if (node === undefined || isNothing(node)) return [];
  if (node.kind !== 'map' || node.tag !== PLATFORM) return [gemspecText(field, node)];
  for (const key of node.entries.keys())
    if (!['cpu', 'os', 'version'].includes(key)) throw new Malformed(`its ${field} has more parts`);
  const parts = ['cpu', 'os', 'version'].flatMap((key) => {
    const part = node.entries.get(key);
    return part === undefined || isNothing(part) ? [] : [scalarOf(field, part)];
  });
  return [parts.join('-')];
}

/** The folders of the load path, flattened as RubyGems does. */
function requirePathsOf(node: YamlNode | undefined): readonly string[] {
  const first = node?.kind === 'list' ? node.items[0] : undefined;
  if (first?.kind === 'list' && node?.kind === 'list' && node.items.length === 1)
    return listOf('require_paths', first);
  return optional(node, ['lib'], (present) => listOf('require_paths', present));
}

function listOf(field: string, node: YamlNode | undefined): readonly string[] {
  return optional(node, [], (present) => {
    if (present.kind !== 'list') throw new Malformed(`its ${field} are not a list`);
    return present.items.map((item) => gemspecText(field, item));
  });
}

/** Reads a field. If it is missing or empty, returns the value that RubyGems then takes. */
function optional<T>(node: YamlNode | undefined, otherwise: T, readNode: (node: YamlNode) => T): T {
  return node === undefined || isNothing(node) ? otherwise : readNode(node);
}

function isNothing(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.plain && node.tag === undefined && isNull(node.text);
}

function isNull(text: string): boolean {
  return text === '' || text === '~' || /^null$/i.test(text);
}

function gemspecText(field: string, node: YamlNode | undefined): string {
  if (node?.kind === 'scalar') {
    if (node.tag === '!binary') return binary(field, node.text);
    const isReadAsText = !node.plain || node.tag === '!str' || isText(node.text);
    if (isReadAsText) return node.text;
  }
  throw new Malformed(
    node === undefined ? `it has no ${field}` : `its ${field} is not a text, or not only texts`,
  );
}

/** The text of a scalar. A number counts too, since RubyGems shows its digits. */
function scalarOf(field: string, node: YamlNode): string {
  if (node.kind === 'scalar' && node.plain && /^(?:0|[1-9][0-9]*)$/.test(node.text))
    return node.text;
  return gemspecText(field, node);
}

function binary(field: string, text: string): string {
  if (!isBase64(text))
    throw new Malformed(`its ${field} holds ${quote(text)}, which is not Base64`);
  const bytes = Buffer.from(text, 'base64');
  if (!isUtf8(bytes)) throw new Malformed(`its ${field} holds bytes that are not UTF-8`);
  return bytes.toString('utf8');
}

/** Whether the text is groups of four Base64 characters, on any number of lines. */
function isBase64(text: string): boolean {
  const lines = withoutTrailing(text, '\n').split('\n');
  const last = lines.pop()!;
  return (
    lines.every((line) => /^(?:[A-Za-z0-9+/]{4})*$/.test(line)) &&
    /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(last)
  );
}

/** Classes that RubyGems creates (safe_yaml.rb), and kinds of text. */
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

/** Classes and symbols of a document that RubyGems refuses to create, in words. */
function classesOf({ tags, symbols }: Extract<YamlDocument, { ok: true }>): string[] {
  const refusedNames: string[] = [];
  for (const [tag, kinds] of tags) {
    const allowed = Object.hasOwn(TAGS, tag) ? TAGS[tag] : undefined;
    if ([...kinds].some((kind) => kind !== allowed)) refusedNames.push(`the tag ${quote(tag)}`);
  }
  for (const symbol of symbols)
    if (!SYMBOLS.has(symbol)) refusedNames.push(`the symbol ${quote(symbol)}`);
  return refusedNames;
}
