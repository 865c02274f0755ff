import { join, resolve } from 'node:path';
import { foldersAbove } from '@tarwarden/guard/folders-above';
import { realAsFar } from '@tarwarden/guard/real-path';
import { fileLayer } from '../shared/files.ts';
import { authorsFor } from '../shared/author.ts';
import { camel, variableLayer, type SettingsLayer, type SettingValues } from '../shared/layer.ts';
import type { Variables, ClientContext } from '../shared/where.ts';
import { textYamlValues } from '../shared/yaml.ts';

/**
 * The settings in the text of a .yarnrc.yml, as `@yarnpkg/parsers` reads it: each value is a text, a list or a mapping.
 * @throws an error for a text that Yarn does not read.
 */
export function yarnrcValues(text: string): SettingValues {
  // Yarn reads such a file by the grammar of Yarn 1's lockfiles.
  if (/^(?:#.*\r?\n)*?#\s+yarn\s+lockfile\s+v1\r?\n/i.test(text)) throw new TypeError('a lockfile');
  const values = textYamlValues(text);
  // The parser of Yarn 3 sets everything below this name, so that `yarnPath` and `plugins` count.
  if (values.has('__proto__')) throw new TypeError('Yarn 3 and 4 read it differently');
  return values;
}

const TOKEN = /\\([\\$}])|\$\{(?:([a-zA-Z]\w*)(:-|-|(?=\})))?|\}/g;

/**
 * A text with its variables replaced as Yarn 4 does. Undefined where Yarn stops: a variable is not set, or the text is not what Yarn
 * understands. Each `}` ends the default that began last.
 */
export function withYarnVariables(text: string, env: Variables): string | undefined {
  let output = '';
  let done = 0;
  let depth = 0;
  /** The depth of the default that is not used. */
  let skipped: number | undefined;
  for (const { 0: token, 1: escaped, 2: name, 3: operator, index } of text.matchAll(TOKEN)) {
    if (skipped === undefined) output += text.slice(done, index);
    done = index + token.length;
    if (skipped !== undefined) {
      if (name !== undefined) depth++;
      else if (token === '}' && --depth < skipped) skipped = undefined;
    } else if (escaped !== undefined) output += escaped;
    else if (name !== undefined) {
      const value = env[name];
      depth++;
      if (value !== undefined && (value !== '' || operator !== ':-')) {
        output += value;
        skipped = depth;
      } else if (operator === '') return undefined;
    } else if (token !== '}') return undefined;
    else if (depth > 0) depth--;
    else output += token;
  }
  return depth > 0 ? undefined : output + text.slice(done);
}

const RC = '.yarnrc.yml';

/** Yarn 2 and newer: variables, the files of the folder and of those above it, the user's. */
export function yarnLayers(context: ClientContext): SettingsLayer[] {
  const authorOf = authorsFor(context);
  const variables = variableLayer(context.env, (variable) => {
    const key = /^yarn_(.+)$/i.exec(variable)?.[1];
    return key === undefined ? undefined : camel(key);
  });
  const folderLayers = [
    { folder: startOf(context), layer: variables },
    ...yarnFiles(context).flatMap(({ folder, file }) =>
      fileLayer(file, authorOf(file), yarnrcValues).map((layer) => ({ folder, layer })),
    ),
  ];
  return folderLayers.map(({ folder, layer }) => interpreted(layer, folder, context.env));
}

/** The files that Yarn reads if they exist, the strongest first. The user's own file is the weakest, unless it is in the folder or in one above it. */
export function yarnFiles(
  context: ClientContext,
): readonly { readonly folder: string; readonly file: string }[] {
  const name = rcFilename(context.env);
  const folders = foldersAbove(startOf(context));
  const files = folders.map((folder) => ({ folder, file: join(folder, name) }));
  const { home } = context;
  const userFile = join(home, RC);
  return files.some(({ file }) => file === userFile)
    ? files
    : [...files, { folder: home, file: userFile }];
}

function startOf({ folder }: ClientContext): string {
  return realAsFar(folder);
}

function rcFilename(env: Variables): string {
  const rcVariable = Object.entries(env).find(
    ([name, value]) => name.toLowerCase() === 'yarn_rc_filename' && value !== undefined,
  );
  return rcVariable?.[1] ?? RC;
}

/** Settings with a path. It is relative to the folder of the file; for a variable, to the folder in which Yarn is started. */
const PATHS = ['cacheFolder', 'globalFolder', 'httpsCaFilePath'];

/** A layer with variables replaced and paths resolved. A value whose variable is not set is not known. */
function interpreted(layer: SettingsLayer, folder: string, env: Variables): SettingsLayer {
  const values = new Map<string, unknown>();
  const unknown = new Map<string, string>();
  for (const [name, written] of layer.values) {
    const replaced = (text: string): string => {
      const value = withYarnVariables(text, env);
      if (value === undefined) unknown.set(name, 'a variable in it is not set');
      return PATHS.includes(name) ? resolve(folder, value ?? '') : (value ?? '');
    };
    values.set(name, mapped(written, replaced, new Map()));
  }
  return { ...layer, values, written: layer.values, unknown };
}

/** @param mappedValues Values that were read before. With aliases, a value may occur many times, or contain itself. */
function mapped(
  value: unknown,
  replaced: (text: string) => string,
  mappedValues: Map<unknown, unknown>,
): unknown {
  if (typeof value === 'string') return replaced(value);
  if (typeof value !== 'object' || value === null) return value;
  if (mappedValues.has(value)) return mappedValues.get(value);
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    mappedValues.set(value, list);
    for (const item of value) list.push(mapped(item, replaced, mappedValues));
    return list;
  }
  const mapping: Record<string, unknown> = {};
  mappedValues.set(value, mapping);
  for (const [name, inner] of Object.entries(value))
    Object.defineProperty(mapping, name, {
      value: mapped(inner, replaced, mappedValues),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  return mapping;
}
