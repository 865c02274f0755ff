import { join } from 'node:path';
import { foldersAbove } from '@tarwarden/host/folders-above';
import { fileLayer } from '../files.ts';
import { authorsFor } from '../found-files.ts';
import { camel, variableLayer, type Layer } from '../layer.ts';
import type { Where } from '../where.ts';
import { yamlValues } from '../yaml.ts';

/** Yarn 2 and newer: variables, the files of the folder and of those above it, the user's. */
export function yarnLayers(where: Where): Layer[] {
  const name = where.env['YARN_RC_FILENAME'] ?? '.yarnrc.yml';
  const authorOf = authorsFor(where);
  return [
    variableLayer(where.env, (variable) => {
      const key = /^yarn_(.+)$/i.exec(variable)?.[1];
      return key === undefined ? undefined : camel(key);
    }),
    ...foldersOf(where).flatMap((folder) => {
      const file = join(folder, name);
      return fileLayer(file, authorOf(file), yamlValues);
    }),
  ];
}

/** The user's own is the weakest, wherever it lies. */
export function foldersOf({ folder, home }: Where): readonly string[] {
  return [...foldersAbove(folder).filter((one) => one !== home), home];
}
