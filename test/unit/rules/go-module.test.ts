import { goEntry } from '../../support/go/module-zip.ts';
import { describeRule, error, note, moduleFile, ofModule, rows } from '../../support/rule-table.ts';

const FOLDER = 'example.org/m@v1.0.0';

describeRule(
  'go-mod-misplaced',
  { level: 'error', entry: `${FOLDER}/sub/Go.Mod` },
  {
    reports: { 'a go.mod in a folder': moduleFile('sub/Go.Mod') },
    silent: {
      'names that only resemble it': ofModule({
        entries: [goEntry(`${FOLDER}/_go.mod`, 'x'), goEntry(`${FOLDER}/sub/go.mod.txt`, 'x')],
      }),
    },
  },
);

describeRule('go-mod-other-path', note(), {
  reports: {
    'a fork that keeps the path of what it replaces': [
      ofModule({ files: { 'go.mod': 'module example.org/upstream\n' } }),
      { says: '"example.org/upstream" in the zip of "example.org/m"' },
    ],
  },
  silent: { 'a module without a go.mod': ofModule({ files: { 'm.go': 'package m\n' } }) },
});

describeRule(
  'module-file-name',
  { level: 'error', entry: `${FOLDER}/Aux.go` },
  {
    reports: {
      'the name of a Windows device': [moduleFile('Aux.go'), { says: 'has the device name "Aux"' }],
    },
    silent: { 'spaces, brackets and letters': moduleFile('a [b]~1 é.go', { flags: 0x800 }) },
  },
);

describeRule('module-name-mismatch', error(), {
  reports: {
    'another version than was asked for': [
      ofModule({ module: 'example.org/m@v1.9.9' }),
      { says: 'version "v1.9.9", and "v1.0.0" was asked for' },
    ],
  },
  silent: {
    'a zip that nobody asked for by name': ofModule({ module: 'example.org/other@v1.0.0' }, {}),
  },
});

const OTHER = 'example.org/other@v1.0.0/planted.go';

describeRule('module-outside-folder', error({ entry: OTHER }), {
  reports: {
    'an entry in the folder of another module': ofModule({ entries: [goEntry(OTHER, 'x')] }),
  },
  silent: {
    'the folder itself': ofModule({
      entries: [goEntry(`${FOLDER}/`, '', { method: 0, descriptor: false })],
    }),
  },
});

describeRule(
  'module-size-limit',
  { level: 'error', entry: `${FOLDER}/go.mod` },
  {
    reports: {
      'a go.mod that go does not take': ofModule({
        files: { 'go.mod': Buffer.alloc(16 * 1024 * 1024 + 1, 'xyz\n') },
      }),
    },
    silent: {
      'a go.mod of a megabyte': ofModule({
        files: { 'go.mod': `module example.org/m\n${'// x\n'.repeat(200_000)}` },
      }),
    },
  },
);

const INVALID = [
  ['example.org/m', 'v2.0.0'],
  ['example.org/m/v1', 'v1.0.0'],
  ['example.org/m/v02', 'v2.0.0'],
  ['example.org/m/v2.1', 'v2.1.0'],
  ['example.org/m/v2', 'v3.0.0'],
  ['gopkg.in/yaml', 'v1.0.0'],
  ['gopkg.in/yaml.v3', 'v2.0.0'],
  ['Example.org/m', 'v1.0.0'],
  ['example/m', 'v1.0.0'],
  ['example.org/con', 'v1.0.0'],
  ['example.org/m~1', 'v1.0.0'],
  ['example.org/.m', 'v1.0.0'],
  ['example.org/m', 'v1.0.0+build'],
  ['example.org/m', 'v1.00.0'],
] as const;

describeRule('module-name-invalid', error(), {
  reports: {
    'a version that is not canonical': [
      ofModule({ module: 'example.org/m@v1' }, {}),
      { says: '"v1" is not a canonical version' },
    ],
    ...rows(INVALID, ([name, version]) =>
      ofModule(
        { module: `${name}@${version}`, files: { 'm.go': 'package m\n' } },
        { name, version },
      ),
    ),
    ...rows(
      INVALID,
      ([name, version]) => ofModule({ module: `${name}@${version}`, files: {} }, { name, version }),
      '%s of a zip without entries',
    ),
  },
  silent: {
    'pseudo-versions': ofModule(
      { module: 'example.org/Some/m/v2@v2.0.0-20200101000000-0123456789ab' },
      {},
    ),
    ...rows(
      [
        ['example.org/m/v2', 'v2.0.0'],
        ['example.org/m', 'v2.0.0+incompatible'],
        ['gopkg.in/yaml.v3', 'v3.0.1'],
        ['gopkg.in/check.v1', 'v0.0.0-20161208181325-20d25e280405'],
        ['gopkg.in/x.v0-unstable', 'v0.1.0'],
        ['golang.org/toolchain', 'v0.0.1-go1.99.0.linux-amd64'],
        ['example.org/Some_m/v', 'v1.0.0'],
      ],
      ([name, version]) => ofModule({ module: `${name}@${version}` }, { name, version }),
    ),
  },
});
