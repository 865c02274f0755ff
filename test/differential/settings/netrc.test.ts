/** The user's netrc: what go's own reader and pip's own reader say, and what we say. */
import { describe, expect, it } from 'vitest';
import { answersTo } from '../../support/settings-readers/neighbours.ts';
import { netrcSubjects } from '../../support/settings-readers/netrc.ts';

const ME = ['me', 'pw'];
const OTHER = ['other', 'x'];
const FILE = 'home/.netrc';

const LINE = 'machine a.test login me password pw';

/** Logins for `a.test`, as pip and as go have them. */
const ROWS: readonly (readonly [
  name: string,
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
  expected: { readonly python?: readonly string[]; readonly go?: readonly string[] },
])[] = [
  ['a line', { [FILE]: LINE }, {}, { python: ME, go: ME }],
  [
    'several lines',
    { [FILE]: 'machine a.test\r\n\tlogin me\r\n\tpassword pw\r\n' },
    {},
    { python: ME, go: ME },
  ],
  [
    'an entry twice: pip takes the last, go the first',
    { [FILE]: `machine a.test login other password x\n${LINE}` },
    {},
    { python: ME, go: OTHER },
  ],
  ['a default: go knows none', { [FILE]: 'default login me password pw' }, {}, { python: ME }],
  [
    'an entry behind a default on its own line: go stops there',
    { [FILE]: `default\n${LINE}` },
    {},
    { python: ME },
  ],
  [
    'quotes: go takes them as they are',
    { [FILE]: 'machine a.test login "me" password "p\\w"' },
    {},
    { python: ME, go: ['"me"', '"p\\w"'] },
  ],
  [
    'an escape: go has none',
    { [FILE]: 'machine a.test login me password p\\w' },
    {},
    { python: ME, go: ['me', 'p\\w'] },
  ],
  ['a comment on its own line', { [FILE]: `# x y\n${LINE}` }, {}, { python: ME, go: ME }],
  [
    'a comment of one word and more: pip refuses the file',
    { [FILE]: `#x y\n${LINE}` },
    {},
    { go: ME },
  ],
  ['an unknown word: pip refuses the file', { [FILE]: `${LINE} port 1` }, {}, { go: ME }],
  [
    'a login alone: go takes no such entry',
    { [FILE]: 'machine a.test password pw' },
    {},
    { python: ['', 'pw'] },
  ],
  [
    'an account in place of a login',
    { [FILE]: 'machine a.test account me password pw' },
    {},
    { python: ME },
  ],
  ['user in place of login', { [FILE]: 'machine a.test user me password pw' }, {}, { python: ME }],
  [
    'a macro',
    { [FILE]: `macdef init\nmachine a.test login x password y\n\n${LINE}` },
    {},
    { python: ME, go: ME },
  ],
  [
    'a macro without an end: pip refuses the file',
    { [FILE]: `${LINE}\nmacdef init\nx` },
    {},
    { go: ME },
  ],
  [
    'NETRC',
    { [FILE]: 'machine a.test login other password x', 'home/own': LINE },
    { NETRC: '@/home/own' },
    { python: ME, go: ME },
  ],
  ['an empty NETRC: pip reads no file', { [FILE]: LINE }, { NETRC: '' }, { go: ME }],
  [
    'a NETRC with a tilde: go takes it as it is',
    { 'home/own': LINE },
    { NETRC: '~/own' },
    { python: ME },
  ],
  ['_netrc: not go, outside of Windows', { 'home/_netrc': LINE }, {}, { python: ME }],
  ['a host in another case', { [FILE]: 'machine A.TEST login me password pw' }, {}, {}],
];

describe.each(netrcSubjects.filter(({ isAvailable }) => isAvailable))(
  '$client',
  async (subject) => {
    const dialect = subject.client === 'netrc-go' ? 'go' : 'python';
    const answers = await answersTo(
      ROWS.map(([, files, env]) => ({ files, env })),
      subject,
    );

    it.each(
      ROWS.map(([name, , , expected], at) => [name, expected[dialect], answers[at]!] as const),
    )('%s', (_, expected, { client, ours }) => {
      expect(ours).toEqual(client);
      const login = (ours as Record<string, string>)['a.test'];
      expect(login && JSON.parse(login)).toEqual(expected);
    });
  },
);
