import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { programsOnPath } from '@tarwarden/guarded-run';

/** The folders that npm puts on the PATH of scripts, and the programs that are started from them. */
const NPM = 'lib/node_modules/npm/node_modules';
const COMMAND = '@npmcli/run-script/lib/node-gyp-bin';
const PROGRAM = 'node-gyp/bin/node-gyp.js';

/**
 * If a script calls node-gyp and it is not on the PATH, bun downloads it. The npm of Node brings one.
 * @param path The PATH of the scripts.
 */
export function nodeGyp(env: NodeJS.ProcessEnv, path: string): NodeJS.ProcessEnv {
  const [node] = programsOnPath('node', env);
  if (node === undefined) return {};
  const npm = join(dirname(dirname(realpathSync(node))), NPM);
  if (![COMMAND, PROGRAM].every((path) => existsSync(join(npm, path)))) return {};
  return {
    PATH: [path, join(npm, COMMAND)].join(delimiter),
    npm_config_node_gyp: join(npm, PROGRAM),
  };
}
