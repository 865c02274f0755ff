import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { foldersAbove, nearestWith } from '@tarwarden/host/folders-above';
import { realAsFar } from '@tarwarden/host/real-path';
import { asRecord, fileLayer } from '../files.ts';
import { authorsFor } from '../author.ts';
import { camel, variableLayer, type SettingsLayer } from '../layer.ts';
import type { Variables, ClientContext } from '../where.ts';
import { yarnrcValues } from './yarnrc.ts';

/** Majors of Yarn that read the same files differently. Yarn 2 reads them as Yarn 3 does. */
type YarnMajor = 3 | 4;

/** A text with its variables replaced. Undefined where Yarn stops: a variable is not set, or the text is not what Yarn understands. */
export function withYarnVariables(
  text: string,
  env: Variables,
  major: YarnMajor,
): string | undefined {
  return major === 3 ? byExpression(text, env) : nested(text, env);
}

function byExpression(text: string, env: Variables): string | undefined {
  let isMissing = false;
  // Behind the last brace nothing matches, and the search for one would begin again at each variable.
  const end = text.lastIndexOf('}') + 1;
  const replaced = text
    .slice(0, end)
    .replaceAll(
      /\$\{(\w+)(:)?(?:-([^}]*))?\}/g,
      (_, name: string, colon: string | undefined, other: string | undefined) => {
        const value = env[name];
        if (value !== undefined && (value !== '' || colon === undefined)) return value;
        isMissing ||= other === undefined;
        return other ?? '';
      },
    );
  return isMissing ? undefined : replaced + text.slice(end);
}

const TOKEN = /\\([\\$}])|\$\{(?:([a-zA-Z]\w*)(:-|-|(?=\})))?|\}/g;

/** Each `}` ends the default that began last. What is in a default that is not used is skipped. */
function nested(text: string, env: Variables): string | undefined {
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
export function yarnLayers(where: ClientContext, major: YarnMajor = 4): SettingsLayer[] {
  const authorOf = authorsFor(where);
  const variables = variableLayer(where.env, (variable) => {
    const key = /^yarn_(.+)$/i.exec(variable)?.[1];
    return key === undefined ? undefined : camel(key);
  });
  const read = [
    { folder: startOf(where), layer: variables },
    ...yarnFiles(where, major).flatMap(({ folder, file }) =>
      fileLayer(file, authorOf(file), yarnrcValues).map((layer) => ({ folder, layer })),
    ),
  ];
  const mayInject = major === 4 && injects(where, read);
  return read.map(({ folder, layer }) =>
    interpreted(layer, { folder, env: where.env, major, mayInject }),
  );
}

/** The files that Yarn reads if they exist, the strongest first. The user's own is the weakest, unless it lies on the way up. */
export function yarnFiles(
  where: ClientContext,
  major: YarnMajor = 4,
): readonly { readonly folder: string; readonly file: string }[] {
  const name = rcFilename(where.env);
  const folders = foldersAbove(startOf(where));
  const files = folders.map((folder) => ({ folder, file: join(folder, name) }));
  const home = homeOfYarn(where);
  const own = join(home, major === 3 ? name : RC);
  return files.some(({ file }) => file === own) ? files : [...files, { folder: home, file: own }];
}

/** The folder that Yarn takes for the root of the project: the nearest with a lockfile, else the topmost package. */
export function yarnRoot(folder: string): string {
  const topmost = foldersAbove(folder).findLast((at) => existsSync(join(at, 'package.json')));
  return nearestWith(folder, ['yarn.lock']) ?? topmost ?? folder;
}

function startOf({ folder }: ClientContext): string {
  return realAsFar(folder);
}

function rcFilename(env: Variables): string {
  const named = Object.entries(env).find(
    ([name, value]) => name.toLowerCase() === 'yarn_rc_filename' && value !== undefined,
  );
  return named?.[1] ?? RC;
}

/** Yarn takes this folder where the home folder has no name. */
function homeOfYarn({ env, home }: ClientContext): string {
  return env['HOME'] === '' ? '/usr/local/share' : home;
}

type FolderLayer = { readonly folder: string; readonly layer: SettingsLayer };

/** Whether Yarn 4 takes variables from further files, over those of the environment. */
function injects(where: ClientContext, read: readonly FolderLayer[]): boolean {
  return (
    read.some(({ layer }) => layer.values.has('injectEnvironmentFiles')) ||
    existsSync(join(startOf(where), '.env.yarn'))
  );
}

/** Settings that Yarn looks for before it knows any variable. */
const WITHOUT_VARIABLES: ReadonlySet<string> = new Set(
  'yarnPath ignorePath injectEnvironmentFiles'.split(' '),
);

/** Settings with a path. It is relative to the folder of the file; for a variable, to the folder in which Yarn is started. */
const PATHS: ReadonlySet<string> = new Set(
  'cacheFolder globalFolder injectEnvironmentFiles yarnPath'.split(' '),
);

interface ReplaceOptions {
  readonly folder: string;
  readonly env: Variables;
  readonly major: YarnMajor;
  readonly mayInject: boolean;
}

/** A layer with variables replaced and paths resolved. Words that tell Yarn 4 how to merge files are removed. */
function interpreted(
  layer: SettingsLayer,
  { folder, env, major, mayInject }: ReplaceOptions,
): SettingsLayer {
  const values = new Map<string, unknown>();
  const unknown = new Map<string, string>();
  for (const [name, written] of layer.values) {
    // Yarn takes plugins from each file as they are.
    if (name === 'plugins') {
      values.set(name, written);
      continue;
    }
    const isEarly = major === 4 && WITHOUT_VARIABLES.has(name);
    const replaced = (text: string): string => {
      if (mayInject && !isEarly && text.includes('${'))
        unknown.set(name, 'a variable in it may come from an environment file');
      const value = withYarnVariables(text, isEarly ? {} : env, major);
      if (value === undefined) unknown.set(name, 'a variable in it is not set');
      return PATHS.has(name) ? resolve(folder, value ?? '') : (value ?? '');
    };
    values.set(name, mapped(written, replaced, new Map()));
  }
  return { ...layer, values, written: layer.values, unknown };
}

/** @param seen Values that were read before. With aliases, a value may occur many times, or contain itself. */
function mapped(
  value: unknown,
  replaced: (text: string) => string,
  seen: Map<unknown, unknown>,
): unknown {
  if (typeof value === 'string') return replaced(value);
  if (typeof value !== 'object' || value === null) return value;
  if (seen.has(value)) return seen.get(value);
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    seen.set(value, list);
    for (const item of value) list.push(mapped(item, replaced, seen));
    return list;
  }
  const { onConflict, ...rest } = asRecord(value);
  if (onConflict !== undefined && 'value' in rest) return mapped(rest['value'], replaced, seen);
  const mapping: Record<string, unknown> = {};
  seen.set(value, mapping);
  for (const [name, inner] of Object.entries(rest))
    Object.defineProperty(mapping, name, {
      value: mapped(inner, replaced, seen),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  return mapping;
}
