/** Whose folder the files of a store are linked from. */
import { homedir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { linksFromForeignStore } from '../../../packages/yarn-plugin/src/stores.ts';

/** Yarn's configuration: how it links, and the file that `globalFolder` is from. */
const look = (settings: Readonly<Record<string, string>>, source?: string): boolean =>
  linksFromForeignStore({
    get: (name: string) => settings[name],
    sources: new Map(source === undefined ? [] : [['globalFolder', source]]),
  } as never);
const FROM_STORE = [
  { nodeLinker: 'pnpm' },
  { nodeLinker: 'node-modules', nmMode: 'hardlinks-global' },
];

describe.each(FROM_STORE)('a store that %o links from', (settings) => {
  test.each(['/project/.yarnrc.yml', `${homedir()}/project/.yarnrc.yml`, '/.yarnrc.yml'])(
    'is another\u2019s where %s names it',
    (source) => expect(look(settings, source)).toBe(true),
  );

  test.each([undefined, `${homedir()}/.yarnrc.yml`, '<environment>', '<internal>'])(
    'is the user\u2019s own where %s does',
    (source) => expect(look(settings, source)).toBe(false),
  );
});

test.each([
  { nodeLinker: 'pnp' },
  { nodeLinker: 'pnp', nmMode: 'hardlinks-global' },
  { nodeLinker: 'node-modules', nmMode: 'hardlinks-local' },
  { nodeLinker: 'node-modules', nmMode: 'classic' },
])('%o links from no store, so its place does not matter', (settings) =>
  expect(look(settings, '/project/.yarnrc.yml')).toBe(false),
);
