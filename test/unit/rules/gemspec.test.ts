import { gemspecOf, type GemOptions } from '../../support/gem.ts';
import {
  describeRule,
  error,
  warning,
  gem,
  gemspec,
  rows,
  type Expected,
  type Sample,
} from '../../support/rule-table.ts';

type Fields = Readonly<Record<string, string | null>>;
/** Rows with fields of the gemspec, and what the finding says. */
const saying = (
  values: Readonly<Record<string, readonly [fields: Fields, says: string]>>,
): Record<string, readonly [Sample, Expected]> =>
  rows(values, ([fields, says]) => [gemspec(fields), { says }]);

const namedFile = (fileName: string, odd: GemOptions = {}): Sample => gem(odd, { fileName });

describeRule('gemspec-file-name-mismatch', error(), {
  reports: {
    'the file of another gem': [
      namedFile('fixture-1.0.0.gem', { name: 'evil' }),
      { says: 'instead of "evil-1.0.0.gem"' },
    ],
    'the file of another version': namedFile('fixture-1.0.1.gem'),
    'a platform that the gemspec does not have': namedFile('fixture-1.0.0-java.gem'),
    'a gem of another ending': namedFile('fixture-1.0.0.tgz'),
    'the file of another platform': namedFile('fixture-1.0.0.gem', { platform: 'java' }),
  },
  silent: {
    'the name of the gem': namedFile('fixture-1.0.0.gem'),
    'the name with its platform': namedFile('fixture-1.0.0-x86_64-linux.gem', {
      platform: 'x86_64-linux',
    }),
    'the platform that it was built for': namedFile('fixture-1.0.0-x86-mingw.gem', {
      platform: 'x86-mingw32',
      gemspec: { original_platform: 'x86-mingw' },
    }),
    'a platform in parts': namedFile('fixture-1.0.0-x86-mswin32-60.gem', {
      platform: '!ruby/object:Gem::Platform\n  cpu: x86\n  os: mswin32\n  version: 60',
    }),
  },
});

describeRule('gemspec-name-mismatch', error(), {
  reports: { 'another name': [gem({ name: 'evil' }), { says: '"evil" instead of' }] },
  silent: {
    'the same name': gem({}),
    'another name where nobody asked': gem({ name: 'evil' }, {}),
  },
});

describeRule('gemspec-version-mismatch', error(), {
  reports: { 'another version': [gem({ version: '0.9.0' }), { says: '"0.9.0" instead of' }] },
  silent: {
    'the same version': gem({}),
    'another version where nobody asked': gem({ version: '0.9.0' }, {}),
  },
});

describeRule('gemspec-target-missing', warning(), {
  reports: {
    ...saying({
      'a command without a file': [{ executables: '\n- run' }, '"bin/run"'],
      'an extension without a file': [{ extensions: '\n- ext/extconf.rb' }, '"ext/extconf.rb"'],
    }),
    'a command that is a folder': gem({
      gemspec: { executables: '\n- run' },
      files: { 'bin/run/x': 'x' },
    }),
  },
  silent: {
    'commands and extensions that are there': gem({
      gemspec: { bindir: './exe', executables: '\n- run', extensions: '\n- ./ext/extconf.rb' },
      files: { 'exe/run': 'x', 'ext/extconf.rb': 'x' },
    }),
  },
});

describeRule('gemspec-duplicate-key', error(), {
  reports: {
    'a field twice': [
      gem({ metadata: gemspecOf().replace('bindir:', 'name: fixture\nbindir:') }),
      { says: '"name"' },
    ],
    ...saying({
      'a key of a map twice': [{ metadata: '\n  a: b\n  a: c' }, '"a"'],
      'a key twice, in quotes and without': [{ metadata: '\n  a: b\n  "a": c' }, ''],
    }),
  },
  silent: { 'a key of two maps': gemspec({ metadata: '\n  name: x' }) },
});

const REPEATING = [
  '!ruby/object:Gem::Requirement',
  '  requirements:',
  '    - &pair',
  '      - ">="',
  '      - !ruby/object:Gem::Version',
  `        version: '0'`,
  `        segments:\n${'        - x\n'.repeat(40_000)}${'    - *pair\n'.repeat(20_000).trimEnd()}`,
].join('\n');

describeRule('gemspec-invalid', error(), {
  reports: {
    'what is not UTF-8': [
      gem({ metadata: Buffer.from([0x2d, 0x2d, 0x2d, 0x20, 0xff]) }),
      { says: 'not valid UTF-8' },
    ],
    'another object': [
      gem({ metadata: '--- !ruby/object:Gem::Version\nversion: 1.0.0\n' }),
      { says: 'does not hold a Gem::Specification' },
    ],
    'a document without its mark': gem({ metadata: 'name: fixture\n' }),
    ...saying({
      'aliases of which each is much to go through': [
        { required_rubygems_version: REPEATING },
        'aliases repeat more than 4194304 characters',
      ],
      'a flow list': [{ require_paths: '[lib]' }, 'line'],
      'a version that is not an object': [{ version: '1.0.0' }, 'not a Gem::Version'],
      'a command that is nothing': [{ executables: '\n- run\n- ' }, 'its executables'],
      'commands that are not a list': [{ executables: 'run' }, 'are not a list'],
      'a platform of more parts': [
        { platform: '!ruby/object:Gem::Platform\n  cpu: x86\n  evil: y' },
        'more parts',
      ],
      'a name that is a number': [{ name: '12' }, 'its name is not a text'],
      'no name': [{ name: null }, 'it has no name'],
      'half a million line breaks in what is not Base64': [
        { name: `!binary "${'\\n'.repeat(500_000)}!"` },
        'which is not Base64',
      ],
    }),
  },
  silent: {
    'fields that are not there': gemspec({
      bindir: null,
      executables: null,
      extensions: null,
      files: null,
      require_paths: null,
      platform: null,
    }),
    'fields that are empty': gemspec({
      bindir: '',
      executables: '',
      extensions: '~',
      files: 'null',
      platform: '',
    }),
    'a list of paths in a list, as old gems have it': gemspec({ require_paths: '\n- - lib' }),
  },
});

const CODE = ['"a#{b}"', `"a'b"`, "'a`b'"];
const AS_CODE = 'Ruby would read it as code';

describeRule('gemspec-path-escapes', error(), {
  reports: {
    ...saying({
      'a folder of commands outside': [{ bindir: '../../x' }, 'bindir: "../../x"'],
      'a command that is a path': [
        { executables: '\n- ../run' },
        'the command "../run": it is a path',
      ],
      'a command with a line break': [{ executables: '\n- "a\\nb"' }, 'control character'],
      'an extension outside': [{ extensions: '\n- ext/../../extconf.rb' }, 'extensions'],
      'an absolute path to load from': [{ require_paths: '\n- /etc' }, 'it is absolute'],
      'a file outside': [{ files: '\n- lib/../../x' }, 'files'],
      'a command that is a folder': [{ executables: '\n- ..' }, ''],
      'a path to load from in a home folder': [{ require_paths: '\n- "~/lib"' }, ''],
      'a path behind an option of RDoc that newer ones ignore': [
        { rdoc_options: '\n- --opname\n- ../index.html' },
        '',
      ],
    }),
    ...rows(
      ['test_files', 'extra_rdoc_files'],
      (field) => [
        gemspec({ [field]: '\n- ../../secret.md' }),
        { says: `${field}: "../../secret.md"` },
      ],
      '%s outside',
    ),
    ...rows(
      [
        '\n- --root\n- a/b',
        '\n- --roo=a/b',
        '\n- -T\n- a',
        '\n- --op=/tmp',
        '\n- ../outside.md',
        '\n- -ftemplate',
      ],
      (rdoc_options) => [gemspec({ rdoc_options }), { says: 'rdoc_options' }],
      'options of RDoc that set folders or templates: %s',
    ),
    ...rows(
      {
        extra_rdoc_files: '--copy-files=/etc/passwd',
        require_paths: '--version',
        extensions: '-x/extconf.rb',
      },
      (path, field) => [
        gemspec({ [field]: `\n- ${path}` }),
        { says: `${field}: "${path}": RDoc would read it as an option` },
      ],
      'an option of RDoc in %s',
    ),
    ...rows(
      ['{lib,other}', 'l*', 'l?b', 'l[a-z]b', 'a,other'],
      (path) => [
        gemspec({ require_paths: `\n- lib\n- "${path}"` }),
        { says: 'RubyGems would read it as a pattern' },
      ],
      'a pattern to load from: %s',
    ),
    ...rows(
      CODE,
      (text) => [gemspec({ executables: `\n- ${text}` }), { says: AS_CODE }],
      'code in a command: %s',
    ),
    ...rows(
      CODE,
      (text) => [gemspec({ require_paths: `\n- ${text}` }), { says: AS_CODE }],
      'code in a path to load from: %s',
    ),
    ...rows(
      CODE,
      (text) => [gemspec({ extensions: `\n- ${text}` }), { says: AS_CODE }],
      'code in an extension: %s',
    ),
  },
  silent: {
    'a dash and about signs of patterns elsewhere': gemspec({
      files: '\n- lib/[id].rb\n- "a,b.rb"',
      require_paths: '\n- lib-x/a-b',
      extra_rdoc_files: '\n- ./--help\n- doc/-a.md\n- "a{b}.md"',
    }),
    'options that say how pages look': gemspec({
      rdoc_options:
        '\n- --main\n- README.md\n- --title=../A title\n- -SHN\n- --line-numbers\n- -x\n- test',
    }),
    'options of RDoc that newer ones ignore': gemspec({
      rdoc_options: '\n- --protected\n- --opname\n- index.html',
    }),
    'paths inside': gem({
      gemspec: { require_paths: '\n- "."\n- "./lib"\n- lib/../ext', executables: '\n- run' },
      files: { 'bin/run': 'x' },
    }),
    'a command without a name, which RubyGems does not make': gemspec({ executables: '\n- ""' }),
  },
});

describeRule('gemspec-unknown-field', error(), {
  reports: saying({
    'a field of RubyGems itself': [{ full_name: '../../planted' }, '"full_name"'],
    'any other field': [{ loaded_from: '/tmp/x' }, ''],
  }),
  silent: {
    'fields of old RubyGems': gemspec({
      author: 'Somebody',
      has_rdoc: 'true',
      default_executable: '',
      rubyforge_project: 'x',
      autorequire: '',
    }),
  },
});

const NESTED = '!ruby/object:Gem::Version\n    version: "1"';
const DEPENDENCY = '\n- !ruby/object:Gem::Dependency\n  name: a';
const requirement = (key: string): string =>
  `  ${key}: !ruby/object:Gem::Requirement\n    requirements:\n    - - "~>"\n      - !ruby/object:Gem::Version\n        version: 1.0.0.rc1\n`;
const OLD_VERSION = [
  'hash: -23',
  'prerelease: false',
  'segments: ',
  '- 1',
  '- 0',
  '- 0',
  'segments_generated: true',
  'version: 1.0.0',
];

describeRule('gemspec-unsafe-class', error(), {
  reports: {
    ...saying({
      'an object of another class': [
        { metadata: '!ruby/object:Gem::Installer\n  x: y' },
        'Gem::Installer',
      ],
      'a known class where it is not an object': [{ authors: '!ruby/object:Gem::Version []' }, ''],
      'a hash of a class': [{ metadata: '!ruby/hash:Gem::Version {}' }, ''],
      'a symbol behind a bare tag': [{ summary: "! ':evil'" }, ''],
      'another symbol': [{ summary: ':evil' }, '":evil"'],
      'an object in a text': [{ summary: ` ${NESTED}` }, ''],
      'an object in a list': [{ authors: `\n- ${NESTED}` }, ''],
      'an object in the metadata': [{ metadata: `\n  a: ${NESTED.replace('    ', '      ')}` }, ''],
      'a version of the format that is a text': [{ specification_version: ' "4;"' }, ''],
    }),
    ...rows(
      {
        'a name of a dependency': `\n- !ruby/object:Gem::Dependency\n  name: !ruby/object:Gem::Platform\n    os: a\n  type: :runtime`,
        'a key of a dependency': `${DEPENDENCY}\n  other: b`,
        'a version without its form': `${DEPENDENCY}\n  requirement: !ruby/object:Gem::Requirement\n    requirements:\n    - - ">="\n      - !ruby/object:Gem::Version\n        version: "1;"`,
      },
      (dependencies) => [gemspec({ dependencies }), { says: '"dependencies"' }],
      '%s that is of another type',
    ),
    ...rows(
      {
        'a key': 'other: a',
        'an object': 'prerelease: !ruby/object:Gem::Version\n    version: "1"',
        'a list of lists': 'segments:\n  - - 1',
        'a text': 'hash: a',
      },
      (part) => [
        gemspec({ version: `!ruby/object:Gem::Version\n  version: 1.0.0\n  ${part}` }),
        { says: '"version"' },
      ],
      '%s in the version that RubyGems does not write',
    ),
  },
  silent: {
    'a text that looks like a symbol': gemspec({ summary: "':evil'" }),
    'a text that is tagged as one': gemspec({ summary: '!str evil' }),
    'a version as RubyGems of 2010 wrote it': gemspec({
      version: `!ruby/object:Gem::Version\n  ${OLD_VERSION.join('\n  ')}`,
    }),
    'dependencies as old and new RubyGems write them': gemspec({
      dependencies:
        `${DEPENDENCY}\n${requirement('requirement')}` +
        `  type: :development\n  prerelease: false\n${requirement('version_requirements')}` +
        '- !ruby/object:Gem::Dependency\n  name: b\n  version_requirement: \n' +
        requirement('version_requirements').trimEnd(),
    }),
  },
});

const unasked = (fields: Fields): Sample => gem({ gemspec: fields }, {});

describeRule('gemspec-unsafe-name', error(), {
  reports: {
    'a name that is a path': [unasked({ name: "'../x'" }), { says: 'the name "../x"' }],
    'a version that is a path': [
      unasked({ version: "!ruby/object:Gem::Version\n  version: '1/../../x'" }),
      { says: 'the version' },
    ],
    'a platform with a line break': [
      unasked({ platform: String.raw`"x86\nsystem('id')"` }),
      { says: 'the platform' },
    ],
    'a name that begins with a dot': unasked({ name: "'.x'" }),
    'a version that is empty': unasked({ version: "!ruby/object:Gem::Version\n  version: ''" }),
    'a platform of parts that are a path': unasked({
      platform: '!ruby/object:Gem::Platform\n  cpu: ../../x\n  os: linux',
    }),
  },
  silent: {
    'a name with all that a name may have': gem({ name: 'a_B-1.2' }, {}),
    'a version before a release': gem({ version: '1.0.0.pre.1' }, {}),
  },
});
