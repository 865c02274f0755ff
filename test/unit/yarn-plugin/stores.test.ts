/** Whose folder the files of a store are linked from. */
import { homedir } from 'node:os';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { refuseForeignStore } from '../../../packages/yarn-plugin/src/stores.ts';

vi.mock('../../../packages/yarn-plugin/node_modules/@yarnpkg/core', async () =>
  (await import('../../support/yarn-core.ts')).yarnCore(),
);

// A refusal has this process end with 1.
beforeEach(() => void vi.spyOn(process, 'once').mockReturnValue(process));

/** Yarn's configuration: how it links, and the file that `globalFolder` is from. */
const look = (settings: Readonly<Record<string, string>>, source?: string) => () =>
  refuseForeignStore({
    get: (name: string) => settings[name],
    sources: new Map(source === undefined ? [] : [['globalFolder', source]]),
  } as never);
const FROM_STORE = [
  { nodeLinker: 'pnpm' },
  { nodeLinker: 'node-modules', nmMode: 'hardlinks-global' },
];
const refused = /^tarwarden: refused to link: globalFolder is set by the project/;

describe.each(FROM_STORE)('a store that %o links from', (settings) => {
  test.each(['/project/.yarnrc.yml', `${homedir()}/project/.yarnrc.yml`, '/.yarnrc.yml'])(
    'is refused where %s names it',
    (source) => expect(look(settings, source)).toThrow(refused),
  );

  test.each([undefined, `${homedir()}/.yarnrc.yml`, '<environment>', '<internal>'])(
    'is the user\u2019s own where %s does',
    (source) => expect(look(settings, source)).not.toThrow(),
  );
});

test.each([
  { nodeLinker: 'pnp' },
  { nodeLinker: 'pnp', nmMode: 'hardlinks-global' },
  { nodeLinker: 'node-modules', nmMode: 'hardlinks-local' },
  { nodeLinker: 'node-modules', nmMode: 'classic' },
])('%o links from no store, so its place does not matter', (settings) =>
  expect(look(settings, '/project/.yarnrc.yml')).not.toThrow(),
);
