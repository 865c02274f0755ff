import { join } from 'node:path';
import { fileLayer, yamlValues, yarnClassicValues } from './files.ts';
import { camel, variableLayer, type Layer } from './layer.ts';
import { foldersFrom, type Where } from './where.ts';

/** Yarn 2 and newer: variables, the files of the folder and of those above it, the user's. */
export function yarnLayers(where: Where): Layer[] {
  const name = where.env['YARN_RC_FILENAME'] ?? '.yarnrc.yml';
  return [
    variableLayer(where.env, (variable) => {
      const key = /^yarn_(.+)$/i.exec(variable)?.[1];
      return key === undefined ? undefined : camel(key);
    }),
    ...placesOf(where).flatMap((one) => fileLayer(join(one, name), yamlValues)),
  ];
}

/** Yarn 1 takes what is looked at here from its own files, and from variables of its own name. */
export function yarnClassicLayers(where: Where): Layer[] {
  return [
    variableLayer(where.env, (variable) =>
      /^yarn_(.+)$/i.exec(variable)?.[1]?.toLowerCase().replaceAll('_', '-'),
    ),
    ...placesOf(where).flatMap((one) => fileLayer(join(one, '.yarnrc'), yarnClassicValues)),
  ];
}

/** The user's own is the weakest, wherever it lies. */
function placesOf({ folder, home }: Where): string[] {
  return [...foldersFrom(folder).filter((one) => one !== home), home];
}
