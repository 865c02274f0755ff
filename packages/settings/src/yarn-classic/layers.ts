import { join } from 'node:path';
import { fileLayer } from '../files.ts';
import { authorsFor } from '../found-files.ts';
import { variableLayer, type Layer, type Values } from '../layer.ts';
import type { Where } from '../where.ts';
import { foldersOf } from '../yarn/layers.ts';

/** Yarn 1 takes what is looked at here from its own files, and from variables of its own name. */
export function yarnClassicLayers(where: Where): Layer[] {
  const authorOf = authorsFor(where);
  return [
    variableLayer(where.env, (variable) =>
      /^yarn_(.+)$/i.exec(variable)?.[1]?.toLowerCase().replaceAll('_', '-'),
    ),
    ...foldersOf(where).flatMap((folder) => {
      const file = join(folder, '.yarnrc');
      return fileLayer(file, authorOf(file), yarnrcValues);
    }),
  ];
}

/** Yarn 1's own format: a name, and what it is set to, on each line. */
function yarnrcValues(text: string): Values {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return new Map(
    lines.map((line): [string, string] => {
      const end = line.search(/[ \t]/);
      const [name, value] = end < 0 ? [line, ''] : [line.slice(0, end), line.slice(end).trim()];
      return [unquoted(name), unquoted(value)];
    }),
  );
}

function unquoted(text: string): string {
  return text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}
