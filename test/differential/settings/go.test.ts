// @module-tag go
/** Settings of go: what `go env -json` says, and what we say. */
import { describe, expect, it } from 'vitest';
import { goSubject } from '../../support/settings-readers/go.ts';
import { answersTo } from '../../support/settings-readers/neighbours.ts';

const USER = 'home/.config/go/env';
const ROOT = { GOROOT: '@/root' };

const ROWS: readonly (readonly [
  name: string,
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
  expected: Readonly<Record<string, string>>,
])[] = [
  [
    'defaults',
    {},
    {},
    {
      GOPROXY: 'https://proxy.golang.org,direct',
      GOMODCACHE: '@/home/go/pkg/mod',
      GOAUTH: 'netrc',
      GONOPROXY: '',
    },
  ],
  ['the file of the user', { [USER]: 'GOPROXY=a\n' }, {}, { GOPROXY: 'a' }],
  ['a variable before it', { [USER]: 'GOPROXY=a\n' }, { GOPROXY: 'b' }, { GOPROXY: 'b' }],
  ['an empty variable', { [USER]: 'GOPROXY=a\n' }, { GOPROXY: '' }, { GOPROXY: 'a' }],
  ['the file of the installation', { 'root/go.env': 'GOPROXY=a\n' }, ROOT, { GOPROXY: 'a' }],
  [
    'the file of the user before that of the installation',
    { 'root/go.env': 'GOPROXY=a\n', [USER]: 'GOPROXY=b\n' },
    ROOT,
    { GOPROXY: 'b' },
  ],
  [
    'an empty value hides that of the installation',
    { 'root/go.env': 'GOPROXY=a\n', [USER]: 'GOPROXY=\n' },
    ROOT,
    { GOPROXY: '' },
  ],
  ['an empty value in the file of the user', { [USER]: 'GOPROXY=\n' }, {}, { GOPROXY: '' }],
  [
    'GOROOT of the file before the variable',
    { 'root/go.env': 'GOPROXY=a\n', [USER]: 'GOROOT=/nowhere\n' },
    ROOT,
    { GOPROXY: '' },
  ],
  [
    'GOENV',
    { [USER]: 'GOPROXY=a\n', 'project/own': 'GOPROXY=b\n' },
    { GOENV: '@/project/own' },
    { GOPROXY: 'b' },
  ],
  ['a relative GOENV', { 'project/own': 'GOPROXY=b\n' }, { GOENV: 'own' }, { GOPROXY: 'b' }],
  [
    'GOENV=off',
    { [USER]: 'GOPROXY=a\n' },
    { GOENV: 'off' },
    { GOPROXY: 'https://proxy.golang.org,direct' },
  ],
  [
    'XDG_CONFIG_HOME',
    { 'home/xdg/go/env': 'GOPROXY=a\n' },
    { XDG_CONFIG_HOME: '@/home/xdg' },
    { GOPROXY: 'a' },
  ],
  [
    'an empty XDG_CONFIG_HOME',
    { [USER]: 'GOPROXY=a\n' },
    { XDG_CONFIG_HOME: '' },
    { GOPROXY: 'a' },
  ],
  [
    'a relative XDG_CONFIG_HOME',
    { [USER]: 'GOPROXY=a\n', 'project/x/go/env': 'GOPROXY=b\n' },
    { XDG_CONFIG_HOME: 'x' },
    { GOPROXY: 'https://proxy.golang.org,direct' },
  ],
  ['CRLF', { [USER]: 'GOPROXY=a\r\n' }, {}, { GOPROXY: 'a\r' }],
  [
    'spaces',
    { [USER]: ' GOPROXY=a\nGOPRIVATE =b\nGOAUTH= off \n' },
    {},
    { GOPROXY: 'https://proxy.golang.org,direct', GOPRIVATE: '', GOAUTH: ' off ' },
  ],
  [
    'a byte order mark',
    { [USER]: '\uFEFFGOPROXY=a\n' },
    {},
    { GOPROXY: 'https://proxy.golang.org,direct' },
  ],
  [
    'quotes and variables',
    { [USER]: 'GOFLAGS="-mod=mod" $HOME\n' },
    {},
    { GOFLAGS: '"-mod=mod" $HOME' },
  ],
  [
    'a name twice: the last of the user',
    { [USER]: 'GOPROXY=a\nGOPROXY=b\n' },
    {},
    { GOPROXY: 'b' },
  ],
  [
    'a name twice: the first of the installation',
    { 'root/go.env': 'GOPROXY=a\nGOPROXY=b\n' },
    ROOT,
    { GOPROXY: 'a' },
  ],
  [
    'GONOPROXY by GOPRIVATE',
    { [USER]: 'GOPRIVATE=x.test\n' },
    {},
    { GONOPROXY: 'x.test', GONOSUMDB: 'x.test' },
  ],
  [
    'the module cache by GOPATH',
    { [USER]: 'GOPATH=/one:/two\n' },
    {},
    { GOMODCACHE: '/one/pkg/mod' },
  ],
];

describe('settings of go', async () => {
  const answers = await answersTo(
    ROWS.map(([, files, env]) => ({ files, env })),
    goSubject,
  );

  it.each(ROWS.map(([name, , , expected], at) => [name, expected, answers[at]!] as const))(
    '%s',
    (_, expected, { client, ours }) => {
      expect(ours).toEqual(client);
      expect(ours).toMatchObject(expected);
    },
  );
});
