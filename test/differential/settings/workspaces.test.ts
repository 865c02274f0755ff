/** Patterns of workspaces as npm, pnpm, Yarn and bun read them, and as we do. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import {
  isMember,
  isUnderstood,
  mayBeMember,
  workspaceFolders,
} from '@tarwarden/guard/workspace-members';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { available } from '../../support/managers.ts';
import {
  FOLDERS,
  membersOf,
  workspaceClients,
  writeWorkspace,
} from '../../support/settings/workspaces.ts';

/** All clients agree on these, but for what is said. */
const UNDERSTOOD: readonly string[] = [
  'packages/*',
  './packages/*',
  'packages/*/',
  'packages//a',
  'packages/**',
  '**',
  '*',
  '*/a',
  '**/a',
  'packages/**/nested',
  'packages/**/*',
  'pack*/?',
  'packages/a*',
  'packages/*a',
  'packages/?',
  'packages/*?',
  'packages/c d',
  'packages/c*d',
  'packages/.*',
  '.*/*',
  '.dot/*',
  'apps/*.v2',
  'apps/web.v?',
  'packages/{a,b}',
  '{packages,apps}/*',
  'packages/{a,A2}*',
  'packages/{a,*e}/*',
  'packages/../lone',
];

/** They do not agree on all of these, or refuse them. */
const NOT_UNDERSTOOD: readonly string[] = [
  'packages/[ab]',
  'packages/@(a|b)',
  'packages/!(a)',
  'packages/+(a)',
  'packages/(p)',
  '/packages/a',
  'packages\\a',
  'packages/\\a',
  '!!packages/a',
  'packages/{a}',
  'packages/{x,}',
  'packages/{a,nine/a}',
  'packages/{a,nine/{a,z}}',
  'packages/{a..b}',
  'packages/{a,.hidden}',
  'packages/{**,x}',
  'packages/{a,b',
  'packages/./a',
  'packages/*/.',
  'packages/*/../b',
  'packages/x,y',
  ' packages/a',
  '',
  '.',
];

const LISTS: readonly (readonly string[])[] = [
  ['packages/*', '!packages/a'],
  ['!packages/a', 'packages/*'],
  ['packages/*', '!packages/a', 'packages/a'],
  ['packages/*', '!**/a'],
  ['packages/**', '!packages/a/**'],
  ['packages/*', '!./packages/{a,b}/'],
];

describe('patterns of workspaces', () => {
  let folder: string;
  const lists = [...[...UNDERSTOOD, ...NOT_UNDERSTOOD].map((pattern) => [pattern]), ...LISTS];
  const answers = new Map<string, (readonly [string, readonly string[] | 'refused'])[]>();
  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'tarwarden-workspaces-')));
    writeWorkspace(join(folder, 'ours'), [], ['']);
    for (const client of workspaceClients.filter((name) => available(name).ok)) {
      // oxlint-disable-next-line no-await-in-loop
      const all = await membersOf(client, lists, join(folder, client));
      for (const [index, list] of lists.entries()) {
        const known = answers.get(list.join()) ?? [];
        const members = all[index];
        answers.set(list.join(), members === undefined ? known : [...known, [client, members]]);
      }
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function ours(patterns: readonly string[]) {
    const root = join(folder, 'ours');
    const named = FOLDERS.filter((path) => isMember(root, join(root, path), patterns));
    const possible = FOLDERS.filter((path) => mayBeMember(root, join(root, path), patterns));
    const below = workspaceFolders(root, patterns).map((path) => relative(root, path));
    return { all: answers.get(patterns.join())!, known: named.toSorted(), possible, below };
  }

  /** Yarn 1 takes packages in node_modules. */
  const without = (folders: readonly string[]): readonly string[] =>
    folders.filter((folder) => !folder.includes('node_modules'));

  test.each(UNDERSTOOD)('%j is understood: all clients and we name the same folders', (pattern) => {
    expect(isUnderstood(pattern)).toBe(true);
    const { all, known, possible, below } = ours([pattern]);
    for (const [client, folders] of all)
      if (folders === 'refused')
        expect([client, known]).toEqual([expect.stringMatching(/bun|pnpm-12/), []]);
      else expect([client, without(folders)]).toEqual([client, known]);
    expect(possible.toSorted()).toEqual(known);
    expect(without(below)).toEqual(expect.arrayContaining([...known]));
  });

  test.each(NOT_UNDERSTOOD)(
    '%j is not: no folder is known to be named, and none of a client is missed',
    (pattern) => {
      expect(isUnderstood(pattern)).toBe(false);
      const { all, known, possible, below } = ours([pattern]);
      expect(known).toEqual([]);
      for (const [client, folders] of all) {
        const named = folders === 'refused' || pattern.startsWith('!') ? [] : without(folders);
        expect([client, possible]).toEqual([client, expect.arrayContaining([...named])]);
        expect([client, below]).toEqual([client, expect.arrayContaining([...named])]);
      }
    },
  );

  test.each(LISTS.map((list) => [list]))(
    'exclusions count where a client takes them: %j',
    (patterns) => {
      const { all, known, possible } = ours(patterns);
      // Yarn 1 has none, and npm and bun let a later pattern outweigh them.
      for (const [client, folders] of all)
        if (client !== 'yarn-1' && folders !== 'refused') {
          expect([client, folders]).toEqual([client, expect.arrayContaining([...known])]);
          expect([client, possible]).toEqual([client, expect.arrayContaining([...folders])]);
        }
    },
  );
});
