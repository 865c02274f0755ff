/* Gems for a trial of gem and Bundler. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { TrialArchive, TrialKind } from './trial-archive.ts';
import { tar, type TarEntry } from './tar.ts';

const VERSION = '1.0.0';

export function gemFileName(name: string): string {
  return `${name}-${VERSION}.gem`;
}

const CANARY: readonly TarEntry[] = [
  { path: 'lib/canary.txt', body: 'one line\n' },
  { path: 'lib/canary.txt', body: 'another line\n' },
  { path: 'lib/link.txt', link: 'lib/canary.txt', hard: true },
];

/** A gem. The canary has a hard link, which RubyGems leaves out, and a path twice. */
export function trialGem(name: string, kind: TrialKind): TrialArchive {
  const file = `lib/${name}.rb`;
  const data = gzipSync(
    tar([{ path: file, body: '# nothing\n' }, ...(kind === 'canary' ? CANARY : [])]),
  );
  const metadata = gzipSync(gemspec(name, file));
  const sum = (bytes: Buffer): string => createHash('sha512').update(bytes).digest('hex');
  const checksums = `---\nSHA512:\n  metadata.gz: '${sum(metadata)}'\n  data.tar.gz: '${sum(data)}'\n`;
  const bytes = tar([
    { path: 'metadata.gz', body: metadata },
    { path: 'data.tar.gz', body: data },
    { path: 'checksums.yaml.gz', body: gzipSync(checksums) },
  ]);
  return { fileName: gemFileName(name), bytes };
}

function gemspec(name: string, file: string): string {
  const any = `!ruby/object:Gem::Requirement
  requirements:
  - - ">="
    - !ruby/object:Gem::Version
      version: '0'`;
  return `--- !ruby/object:Gem::Specification
name: ${name}
version: !ruby/object:Gem::Version
  version: ${VERSION}
platform: ruby
authors:
- tarwarden
bindir: bin
cert_chain: []
date: 1980-01-02 00:00:00.000000000 Z
dependencies: []
executables: []
extensions: []
extra_rdoc_files: []
files:
- ${file}
licenses: []
metadata: {}
rdoc_options: []
require_paths:
- lib
required_ruby_version: ${any}
required_rubygems_version: ${any}
requirements: []
rubygems_version: 3.6.7
specification_version: 4
summary: A gem that does nothing
test_files: []
`;
}
