import { dirname, join, resolve } from 'node:path';
import { homeFolder } from '@tarwarden/guard/home-folder';

export type Variables = Readonly<Record<string, string | undefined>>;

/** The surroundings in which a client runs. They decide which files it reads. */
export interface ClientContext {
  /** The folder that it is started in, absolute. */
  readonly folder: string;
  readonly env: Variables;
  /** The user's home folder. */
  readonly home: string;
  readonly platform: NodeJS.Platform;
  /** npm's prefix. The settings of all users are in `etc/npmrc` below it. */
  readonly prefix: string;
}

export function clientContext({
  folder,
  env,
  platform = process.platform,
}: Pick<ClientContext, 'folder' | 'env'> &
  Partial<Pick<ClientContext, 'platform'>>): ClientContext {
  return {
    folder: resolve(folder),
    env,
    platform,
    home: homeOf(env),
    prefix: prefixOf(process.execPath, platform, env),
  };
}

/** npm's prefix, unless a setting says otherwise. npm ignores an empty variable. */
function prefixOf(node: string, platform: NodeJS.Platform, env: Variables): string {
  const beside = dirname(node);
  if (env['PREFIX']) return resolve(env['PREFIX']);
  if (platform === 'win32') return beside;
  return join(env['DESTDIR'] ?? '', dirname(beside));
}

/** The user's home folder: HOME, or USERPROFILE if HOME is not set, as on Windows. */
export function homeOf(env: Variables): string {
  return homeFolder(env, env['HOME'] === undefined ? 'USERPROFILE' : 'HOME');
}

/** A path as somebody wrote it in a setting: it may begin with `~/`, and a relative one is relative to `folder`. */
export function pathOfSetting(
  text: string,
  { folder, home }: Pick<ClientContext, 'folder' | 'home'>,
): string {
  if (text === '~') return home;
  return /^~[/\\]/.test(text) ? join(home, text.slice(2)) : resolve(folder, text);
}
