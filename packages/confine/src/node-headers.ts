import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { programsOnPath } from '@tarwarden/guarded-run';
import { lookUp, npmNearLayers, whereOf } from '@tarwarden/settings';

/**
 * node-gyp downloads the headers of Node unless it knows where they are. Node's own archives and images have them beside the
 * program.
 */
export function nodeHeaders(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const variables = npmNearLayers(whereOf({ folder: process.cwd(), env }));
  if (lookUp(variables, 'nodedir') !== undefined) return {};
  const [node] = programsOnPath('node', env);
  if (node === undefined) return {};
  const folder = dirname(dirname(realpathSync(node)));
  return existsSync(join(folder, 'include/node/node_version.h'))
    ? { npm_config_nodedir: folder }
    : {};
}
