import { isUtf8 } from 'node:buffer';

import { MAX_GEMSPEC_DEPTH, MAX_GEMSPEC_REPEATED, MAX_GEMSPEC_VALUES } from '../limits.ts';
import { quote } from '../text/printable.ts';
import { withoutTrailing } from '../text/trailing.ts';
import { classesOf } from './gemspec-classes.ts';
import { misshapenField } from './gemspec-shape.ts';
import { isText, readYaml, type YamlDocument, type YamlMap, type YamlNode } from './yaml/index.ts';

/** What a gem says of itself, as far as it could be read. */
export type Gemspec =
  | {
      readonly ok: true;
      readonly name: string;
      readonly version: string;
      /** As the document has them, where it has them; RubyGems puts them in a form of its own. */
      readonly platforms: readonly string[];
      readonly bindir: string;
      readonly executables: readonly string[];
      readonly extensions: readonly string[];
      readonly requirePaths: readonly string[];
      readonly files: readonly string[];
      readonly testFiles: readonly string[];
      readonly rdocFiles: readonly string[];
      readonly rdocOptions: readonly string[];
      /** Fields that no RubyGems writes. */
      readonly unknown: readonly string[];
      /** Classes and symbols that RubyGems would not make, in words. */
      readonly classes: readonly string[];
      readonly repeated: readonly string[];
    }
  | {
      readonly ok: false;
      /** In words; hostile text in it is already quoted. */
      readonly problem: string;
    };

const SPECIFICATION = '!ruby/object:Gem::Specification';
const VERSION = '!ruby/object:Gem::Version';
const PLATFORM = '!ruby/object:Gem::Platform';

/** Fields that some RubyGems wrote; any other one sets what RubyGems reckons from these. */
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

/** Thrown for what is not as RubyGems has it; never leaves `parseGemspec`. */
class Malformed extends Error {}

/** Reads the document `metadata` of a gem. */
export function parseGemspec(bytes: Buffer): Gemspec {
  if (!isUtf8(bytes)) return { ok: false, problem: 'it is not valid UTF-8' };
  // RubyGems takes this out before it reads the document.
  const text = bytes.toString('utf8').replaceAll(' !!null \n', ' \n');
  // Before anything else, it puts this mark there itself.
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

/** One of these is enough to refuse the gem: a class of which nothing is made is not also named as out of place. */
function oddValues(document: Extract<YamlDocument, { ok: true }>, root: YamlMap): string[] {
  const classes = classesOf(document);
  if (classes.length > 0) return classes;
  const field = misshapenField(root);
  return field === undefined ? [] : [`what is in the field ${quote(field)}`];
}

type Fields = Omit<Extract<Gemspec, { ok: true }>, 'ok' | 'classes' | 'repeated'>;

function fieldsOf({ entries }: YamlMap): Fields {
  return {
    name: textOf('name', entries.get('name')),
    version: versionOf(entries.get('version')),
    platforms: ['platform', 'original_platform'].flatMap((field) =>
      platformOf(field, entries.get(field)),
    ),
    bindir: optional(entries.get('bindir'), 'bin', (node) => textOf('bindir', node)),
    executables: listOf('executables', entries.get('executables')),
    extensions: listOf('extensions', entries.get('extensions')),
    requirePaths: requirePathsOf(entries.get('require_paths')),
    files: listOf('files', entries.get('files')),
    testFiles: listOf('test_files', entries.get('test_files')),
    rdocFiles: listOf('extra_rdoc_files', entries.get('extra_rdoc_files')),
    rdocOptions: listOf('rdoc_options', entries.get('rdoc_options')),
    unknown: [...entries.keys()].filter((field) => !FIELDS.has(field)),
  };
}

function versionOf(node: YamlNode | undefined): string {
  if (node?.kind !== 'map' || node.tag !== VERSION)
    throw new Malformed('its version is not a Gem::Version');
  return textOf('version', node.entries.get('version'));
}

/** A name, or the object of old RubyGems with the parts of one. */
function platformOf(field: string, node: YamlNode | undefined): readonly string[] {
  if (node === undefined || isNothing(node)) return [];
  if (node.kind !== 'map' || node.tag !== PLATFORM) return [textOf(field, node)];
  for (const key of node.entries.keys())
    if (!['cpu', 'os', 'version'].includes(key)) throw new Malformed(`its ${field} has more parts`);
  const parts = ['cpu', 'os', 'version'].flatMap((key) => {
    const part = node.entries.get(key);
    return part === undefined || isNothing(part) ? [] : [scalarOf(field, part)];
  });
  return [parts.join('-')];
}

/** RubyGems makes one list of lists that are in a list. */
function requirePathsOf(node: YamlNode | undefined): readonly string[] {
  const first = node?.kind === 'list' ? node.items[0] : undefined;
  if (first?.kind === 'list' && node?.kind === 'list' && node.items.length === 1)
    return listOf('require_paths', first);
  return optional(node, ['lib'], (present) => listOf('require_paths', present));
}

function listOf(field: string, node: YamlNode | undefined): readonly string[] {
  return optional(node, [], (present) => {
    if (present.kind !== 'list') throw new Malformed(`its ${field} are not a list`);
    return present.items.map((item) => textOf(field, item));
  });
}

/** What RubyGems takes where a field is not there, or is empty. */
function optional<T>(node: YamlNode | undefined, otherwise: T, read: (node: YamlNode) => T): T {
  return node === undefined || isNothing(node) ? otherwise : read(node);
}

function isNothing(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.plain && node.tag === undefined && isNull(node.text);
}

function isNull(text: string): boolean {
  return text === '' || text === '~' || /^null$/i.test(text);
}

function textOf(field: string, node: YamlNode | undefined): string {
  if (node?.kind === 'scalar') {
    if (node.tag === '!binary') return binary(field, node.text);
    const read = !node.plain || node.tag === '!str' || isText(node.text);
    if (read) return node.text;
  }
  throw new Malformed(
    node === undefined ? `it has no ${field}` : `its ${field} is not a text, or not only texts`,
  );
}

/** Also a number: its digits are what RubyGems shows of it. */
function scalarOf(field: string, node: YamlNode): string {
  if (node.kind === 'scalar' && node.plain && /^(?:0|[1-9][0-9]*)$/.test(node.text))
    return node.text;
  return textOf(field, node);
}

function binary(field: string, text: string): string {
  if (!isBase64(text))
    throw new Malformed(`its ${field} holds ${quote(text)}, which is not Base64`);
  const bytes = Buffer.from(text, 'base64');
  if (!isUtf8(bytes)) throw new Malformed(`its ${field} holds bytes that are not UTF-8`);
  return bytes.toString('utf8');
}

/** Groups of four characters, on any lines. */
function isBase64(text: string): boolean {
  const lines = withoutTrailing(text, '\n').split('\n');
  const last = lines.pop()!;
  return (
    lines.every((line) => /^(?:[A-Za-z0-9+/]{4})*$/.test(line)) &&
    /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(last)
  );
}
