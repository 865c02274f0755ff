/** Gems that are odd, and what they should be. */
import { gemOf, member, type GemOptions } from '../gem.ts';
import { entry } from '../tar.ts';
import { inWords } from './attack.ts';
import { FILE, symlink, type CleanGem } from './gem-attack.ts';

function clean(words: string, odd: GemOptions, fileName: string = FILE): CleanGem {
  const { id: name, title } = inWords(words);
  return { name, title, fileName, bytes: gemOf(odd) };
}

/** What gems do, none of which is an error. */
export const cleanGems: readonly CleanGem[] = [
  clean('gem-plain: an ordinary gem', {}),
  clean(
    'gem-platform: a gem for one platform',
    { platform: 'x86_64-linux' },
    'fixture-1.0.0-x86_64-linux.gem',
  ),
  clean('gem-executables: commands and an extension', {
    gemspec: { executables: '\n- run', extensions: '\n- ext/extconf.rb', bindir: 'exe' },
    files: { 'exe/run': '#!/usr/bin/env ruby\n', 'ext/extconf.rb': 'create_makefile "x"\n' },
  }),
  clean('gem-inner-link: a link that stays inside', {
    entries: [symlink('bin/run', '../lib/fixture.rb')],
  }),
  clean('gem-dot-slash: paths that begin with `./`', {
    entries: [entry({ name: './lib/more.rb', body: '1\n' })],
  }),
  clean('gem-signed: signatures of each file', {
    outer: ['metadata.gz', 'data.tar.gz', 'checksums.yaml.gz'].map((name) =>
      member(`${name}.sig`, 'signature'),
    ),
  }),
  clean('gem-no-checksums: no checksums, as before 2013', { checksums: null }),
  clean('gem-syck: a gemspec as Syck wrote it until 2011', { metadata: SYCK() }),
  clean('gem-psych-1: a gemspec as the first Psych wrote it', { metadata: PSYCH_1() }),
  clean('gem-odd-texts: texts in every style that Psych writes', {
    gemspec: {
      summary: `"caf\\xE9 \\u2014 a \\"quoted\\"\\n  text \\\\ \\\n  in lines"`,
      description: '|2-\n    indented\n  text\n\n  of lines',
      post_install_message: "'it''s\n\n  done'",
    },
  }),
];

function SYCK(): string {
  return `--- !ruby/object:Gem::Specification 
name: fixture
version: !ruby/object:Gem::Version 
  hash: 23
  prerelease: 
  segments: 
  - 1
  - 0
  - 0
  version: 1.0.0
platform: ruby
authors: 
- Somebody
autorequire: 
bindir: bin
cert_chain: []

date: 2010-07-17 00:00:00 -07:00
default_executable: 
dependencies: 
- !ruby/object:Gem::Dependency 
  name: json_pure
  prerelease: false
  requirement: &id001 !ruby/object:Gem::Requirement 
    none: false
    requirements: 
    - - ">"
      - !ruby/object:Gem::Version 
        hash: 3
        segments: 
        - 0
        version: "0"
  type: :runtime
  version_requirements: *id001
description: A gem
email: somebody@example.test
executables: []

extensions: []

extra_rdoc_files: []

files: 
- lib/fixture.rb
has_rdoc: true
homepage: http://example.test/
licenses: []

post_install_message: 
rdoc_options: []

require_paths: 
- lib
required_ruby_version: !ruby/object:Gem::Requirement 
  none: false
  requirements: 
  - - ">="
    - !ruby/object:Gem::Version 
      hash: 3
      segments: 
      - 0
      version: "0"
requirements: []

rubyforge_project: 
rubygems_version: 1.3.7
signing_key: 
specification_version: 3
summary: A gem
test_files: []

`;
}

function PSYCH_1(): string {
  return `--- !ruby/object:Gem::Specification
name: fixture
version: !ruby/object:Gem::Version
  version: 1.0.0
  prerelease: 
platform: ruby
authors:
- Somebody
autorequire: 
bindir: bin
cert_chain: []
date: 2012-01-02 00:00:00.000000000Z
default_executable: !!null 
dependencies:
- !ruby/object:Gem::Dependency
  name: rake
  requirement: &70171790464760 !ruby/object:Gem::Requirement
    none: false
    requirements:
    - - ! '>='
      - !ruby/object:Gem::Version
        version: '0'
  type: :development
  prerelease: false
  version_requirements: *70171790464760
description: ! 'a text: with a colon'
email: !binary |-
  c29tZWJvZHlAZXhhbXBsZS50ZXN0
executables: []
extensions: []
extra_rdoc_files: []
files:
- !binary |-
  bGliL2ZpeHR1cmUucmI=
homepage: http://example.test/
licenses: []
post_install_message: 
rdoc_options: []
require_paths:
- lib
required_ruby_version: !ruby/object:Gem::Requirement
  none: false
  requirements:
  - - ! '>='
    - !ruby/object:Gem::Version
      version: '0'
requirements: []
rubyforge_project: 
rubygems_version: 1.8.11
signing_key: 
specification_version: 3
summary: A gem
test_files: []
`;
}
