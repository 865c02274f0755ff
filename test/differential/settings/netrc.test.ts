/** The user's netrc: what go's own reader says, and what we say. */
import { describe, expect, it } from 'vitest';
import { answersTo } from '../../support/settings-readers/neighbours.ts';
import { netrcSubject } from '../../support/settings-readers/netrc.ts';

const ME = ['me', 'pw'];
const OTHER = ['other', 'x'];
const FILE = 'home/.netrc';

const LINE = 'machine a.test login me password pw';

/** Logins for `a.test`. */
const ROWS: readonly (readonly [
  name: string,
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
  expected?: readonly string[],
])[] = [
  ['a line', { [FILE]: LINE }, {}, ME],
  ['several lines', { [FILE]: 'machine a.test\r\n\tlogin me\r\n\tpassword pw\r\n' }, {}, ME],
  [
    'an entry twice: the first counts',
    { [FILE]: `machine a.test login other password x\n${LINE}` },
    {},
    OTHER,
  ],
  ['a default', { [FILE]: 'default login me password pw' }, {}],
  ['an entry behind a default on its own line', { [FILE]: `default\n${LINE}` }, {}],
  ['quotes', { [FILE]: 'machine a.test login "me" password "p\\w"' }, {}, ['"me"', '"p\\w"']],
  ['an escape', { [FILE]: 'machine a.test login me password p\\w' }, {}, ['me', 'p\\w']],
  ['a comment on its own line', { [FILE]: `# x y\n${LINE}` }, {}, ME],
  ['a comment of one word and more', { [FILE]: `#x y\n${LINE}` }, {}, ME],
  ['an unknown word', { [FILE]: `${LINE} port 1` }, {}, ME],
  ['a password alone', { [FILE]: 'machine a.test password pw' }, {}],
  ['an account in place of a login', { [FILE]: 'machine a.test account me password pw' }, {}],
  ['user in place of login', { [FILE]: 'machine a.test user me password pw' }, {}],
  ['a macro', { [FILE]: `macdef init\nmachine a.test login x password y\n\n${LINE}` }, {}, ME],
  ['a macro without an end', { [FILE]: `${LINE}\nmacdef init\nx` }, {}, ME],
  [
    'NETRC',
    { [FILE]: 'machine a.test login other password x', 'home/own': LINE },
    { NETRC: '@/home/own' },
    ME,
  ],
  ['an empty NETRC', { [FILE]: LINE }, { NETRC: '' }, ME],
  ['a NETRC with a tilde', { 'home/own': LINE }, { NETRC: '~/own' }],
  ['_netrc, outside of Windows', { 'home/_netrc': LINE }, {}],
  ['a host in another case', { [FILE]: 'machine A.TEST login me password pw' }, {}],
];

describe.skipIf(!netrcSubject.isAvailable)('go', async () => {
  const written = ROWS.map(([, files, env]) => ({ files, env }));
  const answers = netrcSubject.isAvailable ? await answersTo(written, netrcSubject) : [];

  it.each(ROWS.map(([name, , , expected], at) => [name, expected, at] as const))(
    '%s',
    (_, expected, at) => {
      const { client, ours } = answers[at]!;
      expect(ours).toEqual(client);
      const login = (ours as Record<string, string>)['a.test'];
      expect(login && JSON.parse(login)).toEqual(expected);
    },
  );
});
