import { MAX_GIT_LINKS } from '../../../packages/core/src/limits.ts';
import { tgz } from '../../support/pkg.ts';
import {
  describeRule,
  error,
  filled,
  npm,
  rows,
  symlink,
  under,
} from '../../support/rule-table.ts';
import { entry } from '../../support/tar.ts';

const ENTRY_2 = { entryIndex: 2, offset: 2048 };
const withBody = (path: string): Buffer => npm({ name: `package/${path}`, body: 'x' });

const BARE = { HEAD: 'ref: refs/heads/main\n', 'objects/a': '', 'refs/heads/main': '' };
const CORE = '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n';
const repository = (folder: string, more: Readonly<Record<string, string>>): Buffer =>
  filled(
    Object.fromEntries(
      Object.entries({ ...BARE, ...more }).map(([path, body]) => [`${folder}${path}`, body]),
    ),
  );
/** A file for each number. */
const numbered = (count: number, path: (at: number) => string, body: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [path(at), body]));
const submodules = (count: number): Buffer =>
  filled(numbered(count, (at) => `m${at}/.git`, 'gitdir: ../nothing\n'));

describeRule('planted-git', error(), {
  reports: {
    'a .git folder': [
      npm({ name: 'package/.git/config', body: 'x' }),
      { ...ENTRY_2, entry: 'package/.git/config' },
    ],
    'one in another case, and deeper': npm({ name: 'package/lib/.GIT/hooks/post-checkout' }),
    'a .git file': npm({ name: 'package/.git', body: 'gitdir: ../x' }),
    'the short name of NTFS': npm({ name: 'package/git~1/config' }),
    'one with a character that HFS+ ignores': npm({ name: 'package/.g\u200cit/config' }),
    ...rows(
      [
        'GI1A2B~1/config',
        '.g\u3164it/config',
        '.gi\u{e0074}t/config',
        'lib/.GI\u{e0100}T/hooks/post-checkout',
      ],
      withBody,
      'the same file by another name: %s',
    ),
    ...rows(
      {
        'a program': ['', { config: `${CORE}\tfsmonitor = "touch x; false"\n` }],
        'a folder to work in': ['a/b/', { config: '[core]\n\tworktree = ".."\n' }],
        'another file': ['a/', { config: '[include] path = x\n' }],
        'a setting behind a comment': ['a/', { config: `${CORE}# \\\n[core] pager = x\n` }],
        'two in a line': ['a/', { config: '[core] bare = true\n' }],
        'more than is read': ['a/', { config: CORE + '\n'.repeat(5000) }],
        'settings in capitals': ['a/', { Config: '[core]\n\tsshCommand = x\n' }],
        'settings below letters': ['é/', { config: '[core]\n\tsshCommand = x\n' }],
        hooks: ['a.git/', { config: CORE, 'hooks/post-checkout': '' }],
        'the settings of another folder': ['a/', { commondir: '../b\n' }],
      } as Record<string, readonly [string, Readonly<Record<string, string>>]>,
      ([folder, more]) => [repository(folder, more), { entry: `package/${folder}HEAD` }],
      'a repository without .git that brings %s',
    ),
    'a repository among more files called config than are read': tgz({
      files: numbered(MAX_GIT_LINKS, (at) => `${at}/config`, ''),
      entries: Object.entries({ ...BARE, config: CORE }).map(([path, body]) =>
        entry({ name: `package/z/${path}`, body }),
      ),
    }),
    ...rows(
      {
        'of a file of the package': {
          'lib/x/.git': 'gitdir: ../store',
          'lib/store/HEAD': 'ref: x',
        },
        'in capitals': { 'x/.git': 'gitdir: ../STORE', 'store/HEAD': 'ref: x' },
        'of what lies in capitals': { 'x/.git': 'gitdir: ../store\n', 'Store/HEAD': 'ref: x' },
        deeper: { 'x/.git': 'gitdir: ../a/b/c\n', 'a/b/c/config': '' },
        'of a file': { 'x/.git': 'gitdir: ../index.js\n' },
        'of itself': { 'x/.git': 'gitdir: ../x\n' },
        'with a slash at its end': { 'x/.git': 'gitdir: ../store/\n', 'store/HEAD': '' },
        'below a folder of any letters': { 'é/.git': 'gitdir: store\n', 'é/store/HEAD': '' },
        'beside one': { 'Σς/a/.git': 'gitdir: ../store\n', 'Σς/store/HEAD': '' },
        'below the folder': { 'x/.git': 'gitdir: store\n', 'x/store/HEAD': '' },
      } as Record<string, Readonly<Record<string, string>>>,
      (files) => [filled(files), { says: 'leads to what the package brings' }],
      'a link of git to what the archive fills: %s',
    ),
    'a link of git to a folder that the archive only names': tgz({
      files: { 'x/.git': 'gitdir: ../store\n' },
      entries: [entry({ name: 'package/store/', typeflag: '5' })],
    }),
    'a link of git through a link, where links are allowed': under(
      { links: 'contained' },
      tgz({
        files: { 'x/.git': 'gitdir: ../link/store\n' },
        entries: [entry(symlink('package/link', 'other'))],
      }),
    ),
    ...rows(
      [
        '../../store',
        '../../../.git',
        '../..',
        '..',
        '.',
        '/tmp/store',
        'C:/store',
        '\\\\host\\store',
        '..\\store',
        'a/../../../store',
        'a/../store',
        './store',
        '../STORE~1',
        '../store.',
        '../store ',
        '../st\u00f6re',
        '../store\0',
        '../store:x',
        '../node_modules/dep/store',
        '../Node_Modules/dep/store',
        '',
        ' ../store',
        '../store\ngitdir: ../other',
      ],
      (target) => [filled({ 'x/.git': `gitdir: ${target}\n` }), { entry: 'package/x/.git' }],
      'a link of git that leads to %s',
    ),
    ...rows(
      {
        'no link': 'x',
        empty: '',
        'too long': `gitdir: ../${'x'.repeat(5000)}`,
        'spelled otherwise': 'Gitdir: ../store',
      },
      (body) => filled({ 'x/.git': body }),
      'a .git file that is %s',
    ),
    ...rows(
      [
        'x/.GIT',
        'x/git~1',
        'x/.g\u200cit',
        '.git',
        './.git',
        '.git/modules/x/.git',
        'GIT~1/x/.git',
      ],
      (name) => filled({ [name]: 'gitdir: ../nothing\n' }),
      'a link of git at %s, though it leads to nothing',
    ),
    'more links than are read': [
      submodules(MAX_GIT_LINKS + 1),
      { entry: `package/m${MAX_GIT_LINKS}/.git` },
    ],
  },
  clean: {
    'as many links as are read': submodules(MAX_GIT_LINKS),
    ...rows(
      {
        'as git makes it': { config: CORE, 'hooks/update.sample': 'x' },
        'of a clone': { config: `${CORE}[remote "origin"]\n\turl = https://x.example/y.git\n` },
        'without settings': {},
      } as Record<string, Readonly<Record<string, string>>>,
      (more) => repository('test/a.git/', more),
      'a repository %s, which tests bring',
    ),
    'settings of another program': filled({
      'lib/config': 'fsmonitor = x',
      'lib/HEAD': '',
      'lib/refs/x': '',
    }),
    'pages of that name': filled({
      config: 'x = 1',
      'head/a': '',
      'objects/a': '',
      'refs/a': '',
    }),
    ...rows(
      [
        'gitdir: ../../.git/modules/lib/ast-js\n',
        'gitdir: ../../.git/modules/lib/ast-js',
        'gitdir: ../../.git/modules/lib/ast-js\r\n',
        'gitdir: ../nothing/here\n',
        'gitdir: ../../storex\n',
      ],
      (body) => filled({ 'lib/ast-js/.git': body, 'lib/ast-js/index.js': '', 'store/x': '' }),
      'the link of a submodule that is not there: %s',
    ),
  },
  silent: {
    'files that only configure git': filled({
      '.gitattributes': '',
      '.gitignore': '',
      '.github/ci.yml': '',
    }),
    'a folder named git': filled({ 'git/index.js': '' }),
  },
});

const LOCK = 'package/node_modules/.package-lock.json';

describeRule('planted-manager-state', error(), {
  reports: {
    'the hidden lockfile of npm': [npm({ name: LOCK }), { ...ENTRY_2, entry: LOCK }],
    'the records of pnpm and Yarn': [
      npm(
        { name: 'package/node_modules/.modules.yaml' },
        { name: 'package/node_modules/.yarn-state.yml' },
      ),
      {},
      {},
    ],
    ...rows(
      [
        'node_modules/.pnpm/lock.yaml',
        'node_modules/.pnpm-workspace-state-v1.json',
        'node_modules/.pnpm-workspace-state.json',
        'node_modules/.yarn-integrity',
        'node_modules/dep/node_modules/.package-lock.json',
        'node_modules/@scope/dep/node_modules/.modules.yaml',
        'node_modules/@scope/dep/node_modules/inner/node_modules/.yarn-state.yml',
        './node_modules/./.modules.yaml',
      ],
      (path) => [withBody(path), { entry: `package/${path}` }],
      'what is believed where a manager looks: %s',
    ),
    'the loader of Yarn wherever it lies, since Node and bundlers look above':
      withBody('dist/.pnp.cjs'),
    'the loader of Yarn': npm({ name: 'package/.pnp.cjs' }),
    ...rows(
      [
        'PNP~1.CJS',
        'node_modules/PACKAG~1.JSO',
        'NODE_M~1/MODULE~1.YAM',
        '.pnp\u115f.cjs',
        'Node_Modules/PNPM~1/LOCK~1.YAM',
        'node_modules/.PNPM/Lock.YAML',
        'node_modules/PNPM-W~1.JSO',
        'node_modules/.p\u200cnpm/lock.yaml',
      ],
      withBody,
      'the same file by another name: %s',
    ),
  },
  clean: rows(
    [
      'dist/node_modules/.modules.yaml',
      'dist/node_modules/.pnpm/lock.yaml',
      'dist/node_modules/.pnpm-workspace-state-v1.json',
      'lib/node_modules/.yarn-integrity',
      'node_modules/dep/dist/node_modules/.package-lock.json',
      'node_modules/.pnpm/a@1.0.0/node_modules/.modules.yaml',
      'node_modules/.pnpm/lock.yaml/x',
      'node_modules/dep/.modules.yaml',
      '.modules.yaml',
      '.pnpm/lock.yaml',
    ],
    withBody,
    'it where no manager looks, as a build leaves it: %s',
  ),
  silent: {
    'lockfiles, which no manager reads in a dependency': filled({
      'package-lock.json': '{}',
      'yarn.lock': '',
      'pnpm-lock.yaml': '',
    }),
  },
});

const BIN = 'package/node_modules/.bin/tsc';

describeRule('planted-node-modules-bin', error(), {
  reports: {
    'a command in the package': [npm({ name: BIN, mode: 0o755 }), { ...ENTRY_2, entry: BIN }],
    'one in a bundled dependency': npm({
      name: 'package/node_modules/@scope/dep/node_modules/.bin/tsc',
    }),
    'one in another case': npm({ name: 'package/Node_Modules/.BIN/tsc' }),
    ...rows(
      [
        'NODE_M~1/.bin/node',
        'node_modules/BIN~1/node',
        'node_modules/.b\uffa0in/node',
        'node_\u2065modules/.bin/node',
      ],
      withBody,
      'the same file by another name: %s',
    ),
  },
  silent: {
    'bundled dependencies': filled({
      'node_modules/dep/package.json': '{}',
      'node_modules/dep/bin/tsc': '',
    }),
    "one in a template, which is on nobody's path": filled({
      'template/node_modules/.bin/x': '',
    }),
  },
});
