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

/** The fields that RubyGems writes. Others, such as `full_gem_path`, say from where the gem is loaded. */
const FIELDS: ReadonlySet<string> = new Set(
  `authors autorequire bindir cert_chain date default_executable description email executables extensions extra_rdoc_files files
  has_rdoc homepage installed_by_version licenses metadata name original_platform platform post_install_message rdoc_options
  require_paths required_ruby_version required_rubygems_version requirements rubygems_version signing_key specification_version
  summary test_files version`.split(/\s+/),
);

/** Fields with paths below the folder of the gem. */
const PATH_FIELDS =
  /^ +s\.(?:require_paths|bindir|executables|default_executable|extensions) = (.*)$/;

const STUB = '# stub: ';

/** RubyGems reads these lines in place of the program: the paths to load from, and the extensions. */
const STUB_LINES = [1, 2];

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
    const field = /^ +s\.([a-z_]+) = /.exec(line)?.[1];
    const isStub = line.startsWith(STUB);
    if (
      !LINES.some((pattern) => pattern.test(plain)) ||
      (field !== undefined && !FIELDS.has(field)) ||
      (isStub && !STUB_LINES.includes(index))
    )
      return `has a line that RubyGems does not write: line ${index + 1}`;
  }
  for (const [field, value] of Object.entries({ name, version })) {
    const found = lines.filter((line) => line.startsWith(`  s.${field} = `));
    const wanted = [`  s.${field} = "${value}".freeze`, `  s.${field} = "${value}"`];
    if (found.length !== 1 || !wanted.includes(found[0] ?? '')) return `has another ${field}`;
  }
  const stub = lines[1]?.startsWith(STUB) === true ? lines[1].slice(STUB.length) : undefined;
  if (stub !== undefined && !stub.startsWith(`${name} ${version} `))
    return 'names another gem in its first lines';
  const paths = [
    ...(stub?.split(' ').slice(3).join(' ').split('\0') ?? []),
    ...lines.flatMap((line) => (PATH_FIELDS.exec(line)?.[1]?.match(TEXTS) ?? []).map(contentOf)),
  ];
  return paths.some(isOutside) ? 'has a path to load from that leaves the gem' : undefined;
}

/** The text between the quotes. A backslash counts as the start of a path that leaves the gem. */
function contentOf(text: string): string {
  return text.replace(/^(?:%q<|["'])|(?:>|["'])(?:\.freeze)?$/g, '').replaceAll('\\', '/../');
}

function isOutside(path: string): boolean {
  return path.startsWith('/') || /^[a-z]:/i.test(path) || path.split('/').includes('..');
}
