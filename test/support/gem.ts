/** A well-formed gem as RubyGems 3.6 builds it, and the places where a test may make it odd. */
import { createHash } from 'node:crypto';
import { gzip, type GzipOptions } from './gzip.ts';
import { archive, end, entry, type Bytes, type HeaderOptions, type Part } from './tar.ts';

export interface GemOptions {
  name?: string;
  version?: string;
  platform?: string;
  /** YAML of fields, by name: instead of those of the fixture, or more. `null` leaves one out. */
  gemspec?: Readonly<Record<string, string | null>>;
  /** The whole document instead. */
  metadata?: Bytes;
  /** Content by path. A `lib/fixture.rb` is added unless this gives one. */
  files?: Readonly<Record<string, Bytes>>;
  /** Raw parts of the content, before and after the files. */
  before?: readonly Part[];
  entries?: readonly Part[];
  /** What is instead of the end marker of the content. */
  tail?: readonly Part[];
  /** How the content is compressed, and what takes its place. */
  gzip?: GzipOptions;
  data?: Uint8Array;
  /** YAML of the checksums; `null` leaves the file out. */
  checksums?: Bytes | null;
  /** Raw parts of the gem itself, before and after its files. */
  outerBefore?: readonly Part[];
  outer?: readonly Part[];
  outerTail?: readonly Part[];
  /** Fields of the header of `data.tar.gz`. */
  dataHeader?: HeaderOptions;
}

const MEMBER: HeaderOptions = { mode: 0o444, uname: 'wheel', gname: 'wheel' };

/** A file of the outer archive. */
export function member(name: string, body: Bytes, more: HeaderOptions = {}): Buffer {
  return entry({ ...MEMBER, name, body, ...more });
}

const requirement = (operator: string, version: string): string =>
  `!ruby/object:Gem::Requirement\n  requirements:\n  - - "${operator}"\n    - !ruby/object:Gem::Version\n      version: '${version}'`;

/** The gemspec as RubyGems writes it. */
export function gemspecOf({
  name = 'fixture',
  version = '1.0.0',
  platform = 'ruby',
  gemspec = {},
  files = {},
}: GemOptions = {}): string {
  const paths = Object.keys({ 'lib/fixture.rb': '', ...files });
  const fields: Record<string, string | null> = {
    name,
    version: `!ruby/object:Gem::Version\n  version: ${version}`,
    platform,
    authors: '\n- Somebody',
    bindir: 'bin',
    cert_chain: '[]',
    date: '1980-01-02 00:00:00.000000000 Z',
    dependencies: `\n- !ruby/object:Gem::Dependency\n  name: rack\n  requirement: ${requirement('~>', '3.0').replaceAll('\n', '\n  ')}\n  type: :runtime\n  prerelease: false\n  version_requirements: ${requirement('~>', '3.0').replaceAll('\n', '\n  ')}`,
    executables: '[]',
    extensions: '[]',
    extra_rdoc_files: '[]',
    files: paths.map((path) => `\n- ${path}`).join(''),
    homepage: 'https://example.test/',
    licenses: '\n- MIT',
    metadata: "\n  rubygems_mfa_required: 'true'",
    rdoc_options: '[]',
    require_paths: '\n- lib',
    required_ruby_version: requirement('>=', '3.0'),
    required_rubygems_version: requirement('>=', '0'),
    requirements: '[]',
    rubygems_version: '3.6.7',
    specification_version: '4',
    summary: A_SUMMARY,
    test_files: '[]',
    ...gemspec,
  };
  const lines = Object.entries(fields)
    .filter((field): field is [string, string] => field[1] !== null)
    .map(([field, value]) => `${field}:${value.startsWith('\n') ? '' : ' '}${value}`);
  return `--- !ruby/object:Gem::Specification\n${lines.join('\n')}\n`;
}

const A_SUMMARY = 'A gem that does nothing';

/** Tar bytes of the content. */
export function gemData(options: GemOptions = {}): Buffer {
  const files: Record<string, Bytes> = {
    'lib/fixture.rb': 'module Fixture; end\n',
    ...options.files,
  };
  return archive(
    options.before ?? [],
    Object.entries(files).map(([name, body]) =>
      entry({ name, body, mode: 0o100644, uname: 'wheel', gname: 'wheel' }),
    ),
    options.entries ?? [],
    options.tail ?? [end()],
  );
}

/** A `.gem`. */
export function gemOf(options: GemOptions = {}): Buffer {
  const metadata = gzip(Buffer.from(options.metadata ?? gemspecOf(options)));
  const data = Buffer.from(options.data ?? gzip(gemData(options), options.gzip));
  const checksums =
    options.checksums === undefined ? checksumsOf({ metadata, data }) : options.checksums;
  return archive(
    options.outerBefore ?? [],
    member('metadata.gz', metadata),
    member('data.tar.gz', data, options.dataHeader),
    checksums === null ? [] : member('checksums.yaml.gz', gzip(Buffer.from(checksums))),
    options.outer ?? [],
    options.outerTail ?? [end()],
  );
}

function checksumsOf(files: { metadata: Buffer; data: Buffer }): string {
  const of = (algorithm: string): string =>
    `${algorithm}:\n  metadata.gz: ${sum(algorithm, files.metadata)}\n  data.tar.gz: ${sum(algorithm, files.data)}\n`;
  return `---\n${of('SHA256')}${of('SHA512')}`;
}

function sum(algorithm: string, bytes: Buffer): string {
  const hex = createHash(algorithm).update(bytes).digest('hex');
  // As Psych writes what would be a number without quotes.
  return /^[0-9_]+(?:e[0-9]+)?$/.test(hex) ? `'${hex}'` : hex;
}
