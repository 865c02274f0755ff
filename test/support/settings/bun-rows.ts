/* Settings of bun, with what they say. */
import { MANIFEST, type BunAnswer } from './bun.ts';

export interface BunRow {
  readonly files?: Readonly<Record<string, string | Buffer>>;
  /** `%` stands for the folder of the case. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Only what differs from a bun without settings. */
  readonly says: BunAnswer;
}

export const registry = (name: string): string => `[install]\nregistry = "http://${name}.test/"\n`;
/** Every package from one registry. */
export const all = (name: string): BunAnswer => ({
  registry: `http://${name}.test/`,
  '@s': `http://${name}.test/`,
  '@t': `http://${name}.test/`,
});
export const workspace = {
  'project/package.json': MANIFEST.replace('{', '{"workspaces":["m"],'),
  'project/m/package.json': '{"name":"m"}',
};
export const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

export const utf16 = (text: string): Buffer =>
  Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);

export const project = (text: string): NonNullable<BunRow['files']> => ({
  'project/bunfig.toml': text,
});
export const npmrc = (text: string): NonNullable<BunRow['files']> => ({ 'project/.npmrc': text });
export const files: readonly (readonly [string, BunRow])[] = [
  ['nothing', { says: {} }],
  ["the user's bunfig", { files: { 'home/.bunfig.toml': registry('h') }, says: all('h') }],
  [
    'the same in $XDG_CONFIG_HOME',
    {
      files: { 'xdg/.bunfig.toml': registry('x'), 'home/.bunfig.toml': registry('h') },
      env: { XDG_CONFIG_HOME: '%/xdg' },
      says: all('x'),
    },
  ],
  [
    '$XDG_CONFIG_HOME without the file',
    { files: { 'home/.bunfig.toml': registry('h') }, env: { XDG_CONFIG_HOME: '%/xdg' }, says: {} },
  ],
  [
    'an empty XDG_CONFIG_HOME',
    {
      files: { 'home/.bunfig.toml': registry('h'), 'project/.bunfig.toml': registry('p') },
      env: { XDG_CONFIG_HOME: '' },
      says: all('h'),
    },
  ],
  [
    'a relative XDG_CONFIG_HOME',
    {
      files: { 'home/.bunfig.toml': registry('h'), 'project/r/.bunfig.toml': registry('p') },
      env: { XDG_CONFIG_HOME: 'r' },
      says: all('h'),
    },
  ],
  [
    'an .npmrc in $XDG_CONFIG_HOME',
    {
      files: {
        'xdg/.npmrc': 'registry=http://x.test/',
        'home/.npmrc': '@s:registry=http://h.test/',
      },
      env: { XDG_CONFIG_HOME: '%/xdg' },
      says: all('x'),
    },
  ],
  [
    '$XDG_CONFIG_HOME without an .npmrc',
    {
      files: { 'home/.npmrc': 'registry=http://h.test/' },
      env: { XDG_CONFIG_HOME: '%/xdg' },
      says: all('h'),
    },
  ],
  [
    'a named .npmrc',
    {
      files: { 'n/rc': 'registry=http://n.test/', 'home/.npmrc': '@s:registry=http://h.test/' },
      env: { npm_config_userconfig: '%/n/rc' },
      says: all('n'),
    },
  ],
  [
    'two named .npmrc',
    {
      files: { 'n/rc': 'registry=http://n.test/', 'o/rc': 'registry=http://o.test/' },
      env: { npm_config_userconfig: '%/n/rc', NPM_CONFIG_USERCONFIG: '%/o/rc' },
      says: all('o'),
    },
  ],
  [
    'a named .npmrc that is missing',
    {
      files: { 'home/.npmrc': 'registry=http://h.test/' },
      env: { npm_config_userconfig: '%/n/rc' },
      says: {},
    },
  ],
  [
    'an empty HOME',
    {
      files: { 'project/.bunfig.toml': registry('p') },
      env: { HOME: '', BUN_INSTALL_CACHE_DIR: '%/b' },
      says: {},
    },
  ],
  [
    "the project's bunfig and the user's",
    {
      files: { 'project/bunfig.toml': registry('p'), 'home/.bunfig.toml': registry('h') },
      says: all('p'),
    },
  ],
  [
    'a bunfig and an .npmrc',
    {
      files: { 'home/.bunfig.toml': registry('h'), 'project/.npmrc': 'registry=http://n.test/' },
      says: all('h'),
    },
  ],
  [
    "the project's .npmrc and the user's",
    {
      files: {
        'home/.npmrc': 'registry=http://h.test/',
        'project/.npmrc': 'registry=http://n.test/',
      },
      says: all('n'),
    },
  ],
  [
    'scopes of several files',
    {
      files: {
        'home/.bunfig.toml': '[install.scopes]\ns = "http://h.test/"\n',
        'project/bunfig.toml': '[install.scopes]\n"@t" = "http://t.test/"\n',
        'project/.npmrc': 'registry=http://n.test/',
      },
      says: { registry: 'http://n.test/', '@s': 'http://h.test/', '@t': 'http://t.test/' },
    },
  ],
  [
    'a project around the folder',
    {
      files: {
        'project/bunfig.toml': registry('p'),
        'project/src/bunfig.toml': registry('s'),
        'project/src/.npmrc': 'registry=http://n.test/',
      },
      cwd: 'project/src',
      says: all('p'),
    },
  ],
  [
    'a member of a workspace',
    {
      files: {
        ...workspace,
        'project/bunfig.toml': registry('p'),
        'project/m/bunfig.toml': registry('m'),
        'project/m/.npmrc': 'registry=http://n.test/',
      },
      cwd: 'project/m',
      says: all('p'),
    },
  ],
];

export const variables: readonly (readonly [string, BunRow])[] = [
  [
    'BUN_CONFIG_REGISTRY',
    {
      files: project(registry('p')),
      env: { BUN_CONFIG_REGISTRY: 'http://e.test/' },
      says: all('e'),
    },
  ],
  [
    'NPM_CONFIG_REGISTRY',
    {
      files: project(registry('p')),
      env: {
        BUN_CONFIG_REGISTRY: '',
        NPM_CONFIG_REGISTRY: 'http://e.test/',
        npm_config_registry: 'http://l.test/',
      },
      says: all('e'),
    },
  ],
  [
    'npm_config_registry',
    {
      files: project(registry('p')),
      env: { npm_config_registry: 'http://l.test/' },
      says: all('l'),
    },
  ],
  [
    'Npm_Config_Registry',
    {
      files: project(registry('p')),
      env: { Npm_Config_Registry: 'http://l.test/' },
      says: all('p'),
    },
  ],
  [
    'a registry that is none',
    {
      files: project(registry('p')),
      env: { BUN_CONFIG_REGISTRY: 'x', NPM_CONFIG_REGISTRY: 'http://e.test/' },
      says: {},
    },
  ],
  [
    'BUN_CONFIG_TOKEN',
    {
      files: project(registry('p')),
      env: { BUN_CONFIG_TOKEN: 'tt' },
      says: { ...(all('p') as object), authorization: 'Bearer tt' },
    },
  ],
];
