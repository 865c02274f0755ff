import { resolve } from 'node:path';
import { isOnCommandLine } from './place.ts';
import { text, type YarnConfig } from './yarn.ts';

export interface OutsideFolder {
  readonly folder: string;
  readonly why: string;
  readonly remedy: string;
}

const MIRROR = 'yarn-offline-mirror';
const PRUNING = 'yarn-offline-mirror-pruning';

/**
 * A folder outside of the project in which Yarn would install packages or delete archives because of a setting. Yarn deletes every `.tgz`
 * below its offline mirror that the project does not need. Only the user may set such a mirror.
 */
export function outsideFolder(
  root: string,
  config: YarnConfig,
  {
    staysIn,
    env,
  }: { readonly staysIn: (folder: string) => boolean; readonly env: NodeJS.ProcessEnv },
): OutsideFolder | undefined {
  const modules = text(config.modulesFolder);
  if (
    modules !== undefined &&
    !staysIn(resolve(root, modules)) &&
    !isOnCommandLine('--modules-folder')
  )
    return {
      folder: modules,
      why: `a setting has packages installed in ${modules}, which is not in the project`,
      remedy: 'take modules-folder out of the .yarnrc, or name the folder on the command line',
    };
  const mirror = text(config.getOfflineMirrorPath?.());
  const prunes = mirror !== undefined && Boolean(config.pruneOfflineMirror);
  if (!prunes || staysIn(resolve(root, mirror))) return undefined;
  if ([MIRROR, PRUNING].every((name) => isUsers(name, config, env))) return undefined;
  return {
    folder: mirror,
    why: `settings have Yarn remove archives in ${mirror}, which is not in the project`,
    remedy: `take ${PRUNING} out of the .yarnrc, or have it and ${MIRROR} in your own .yarnrc alone`,
  };
}

/** Whether the value in force comes from the user's own file, or from a variable. */
function isUsers(name: string, { registries }: YarnConfig, env: NodeJS.ProcessEnv): boolean {
  const { homeConfig, config } = registries?.yarn ?? {};
  const own = homeConfig?.[name];
  if (own !== undefined && own === config?.[name]) return true;
  const variable = `yarn_${name.replaceAll('-', '_')}`;
  return Object.keys(env).some((key) => key.toLowerCase().replaceAll('-', '_') === variable);
}
