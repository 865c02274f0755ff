/*
 * The gemspec of an installed gem is a Ruby program, which RubyGems writes of the metadata and runs later. So each line has to be one
 * that RubyGems writes: an assignment of plain values.
 */
const TEXT = '§';
const VALUE = String.raw`(?:§|-?\d[\d.]*|nil|true|false)`;
const LIST = String.raw`\[(?:${VALUE}(?:, ${VALUE})*)?\]`;
const PAIRS = String.raw`\{ ?(?:§ => §(?:, § => §)*)? ?\}`;
const OBJECT = String.raw`Gem::(?:Requirement|Version|Platform)\.new\((?:${VALUE}|${LIST})\)`;
const ANY = `(?:${VALUE}|${LIST}|${PAIRS}|${OBJECT})`;

/** Double quotes without interpolation, and the form in which RubyGems writes names. */
const TEXTS = /(?:"(?:[^"\\#]|\\.|#(?![{$@]))*"|'[^'\\]*'|%q<[^<>\\]*>)(?:\.freeze)?/g;

const LINES: readonly RegExp[] = [
  /^$/,
  /^# -\*- encoding: utf-8 -\*-$/,
  /^# stub: [^\r]*$/,
  /^Gem::Specification\.new do \|s\|$/,
  new RegExp(String.raw`^ +s\.[a-z_]+ = ${ANY}(?: if s\.respond_to\? :[a-z_]+=?)?$`),
  new RegExp(String.raw`^ +s\.add_(?:runtime_|development_)?dependency\(§, ${LIST}\)$`),
  /^ +if s\.respond_to\? :specification_version then$/,
  /^ +if Gem::Version\.new\(Gem::VERSION\) >= Gem::Version\.new\(§\) then$/,
  /^ +else$/,
  /^ *end$/,
];

/** The first problem in words. Undefined if RubyGems can have written the text for this gem. */
export function gemspecProblem(
  text: string,
  { name, version }: { readonly name: string; readonly version: string },
): string | undefined {
  if (text.includes(TEXT)) return 'has a character that RubyGems does not write';
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    // A comment may contain a quote.
    const plain = line.startsWith('#') ? line : line.replaceAll(TEXTS, TEXT);
    if (!LINES.some((pattern) => pattern.test(plain)))
      return `has a line that RubyGems does not write: line ${index + 1}`;
  }
  for (const [field, value] of Object.entries({ name, version })) {
    const found = lines.filter((line) => line.startsWith(`  s.${field} = `));
    const wanted = [`  s.${field} = "${value}".freeze`, `  s.${field} = "${value}"`];
    if (found.length !== 1 || !wanted.includes(found[0] ?? '')) return `has another ${field}`;
  }
  const stub = lines.filter((line) => line.startsWith('# stub: '))[0];
  const paths = stub?.slice('# stub: '.length).split(' ').slice(3).join(' ').split('\0') ?? [];
  if (stub !== undefined && !stub.startsWith(`# stub: ${name} ${version} `))
    return 'names another gem in its first lines';
  return paths.some((path) => path.startsWith('/') || path.split('/').includes('..'))
    ? 'has a path to load from that leaves the gem'
    : undefined;
}
