/* npm knows the type of each of its settings. It changes a value to this type, and drops a value that does not fit. */
import { networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import type { ClientContext } from '../where.ts';

/** `list`: several values, with an empty line between two. The rest are values that are taken as they are. */
type Kind = 'path' | 'string' | 'boolean' | 'number' | 'date' | 'url' | 'list' | Literal;
type Literal = { readonly literal: string | false | null };
type Kinds = readonly Kind[] | undefined;

const nothing: Kind = { literal: null };

/** The settings that tarwarden uses. npm 12 has all of these types. For an older npm, a newer setting is a plain text. */
export const NPM_TYPES: Readonly<Record<string, Kinds>> = {
  ...typed('registry', ['url']),
  ...typed('userconfig globalconfig prefix cache cafile', ['path']),
  ...typed('ca', [nothing, 'string', 'list']),
  ...typed('cert key script-shell node-options', [nothing, 'string']),
  ...typed('proxy', [nothing, { literal: false }, 'url']),
  ...typed('https-proxy', [nothing, 'url']),
  ...typed('noproxy', ['string', 'list']),
  ...typed('min-release-age-exclude', ['list', 'string']),
  ...typed('local-address', [nothing, ...localAddresses()]),
  ...typed('maxsockets fetch-retries fetch-retry-factor fetch-timeout', ['number']),
  ...typed('fetch-retry-mintimeout fetch-retry-maxtimeout', ['number']),
  ...typed('min-release-age', [nothing, 'number']),
  ...typed('strict-ssl global ignore-scripts ignore-extension', ['boolean']),
  ...typed('strict-allow-scripts dangerously-allow-all-scripts', ['boolean']),
  ...typed('workspaces', [nothing, 'boolean']),
  ...typed('git', ['string']),
  ...typed('location', ['global', 'user', 'project'].map(onlyText)),
  ...typed('before', [nothing, 'date']),
  ...typed(
    'allow-git allow-remote allow-file allow-directory',
    ['all', 'none', 'root'].map(onlyText),
  ),
  ...typed('extension-file', [nothing, 'path']),
};

function typed(names: string, kinds: readonly Kind[]): Record<string, readonly Kind[]> {
  return Object.fromEntries(names.split(' ').map((name) => [name, kinds]));
}

function onlyText(text: string): Literal {
  return { literal: text };
}

/** npm finds its files by these settings, before it drops values that do not fit. */
export const READ_EARLY: ReadonlySet<string> = new Set(
  'userconfig globalconfig prefix global location'.split(' '),
);

function localAddresses(): Kind[] {
  return Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).map(({ address }) => ({ literal: address })),
  );
}

export interface TypeOptions extends Pick<ClientContext, 'folder' | 'home' | 'platform'> {
  /** Replaces variables in a text. */
  readonly replaced: (text: string) => string;
  /** npm does not look whether the values fit that came with it. */
  readonly isBuiltin?: boolean;
}

/** The value that npm makes of one in a file or variable. Undefined if npm drops it. */
export function typedValue(name: string, value: unknown, options: TypeOptions): unknown {
  const kinds = Object.hasOwn(NPM_TYPES, name) ? NPM_TYPES[name] : undefined;
  const parsed = parsedValue(value, kinds, options);
  if (READ_EARLY.has(name) || options.isBuiltin === true) return parsed;
  if (!Array.isArray(parsed)) return fitting(parsed, kinds, options);
  const all = parsed.map((item) => fitting(item, kinds, options));
  const kept = all.filter((item) => item !== undefined);
  return kept.length === 0 && kinds?.includes('list') === false ? undefined : kept;
}

/** As npm's parse-field.js. */
function parsedValue(value: unknown, kinds: Kinds, options: TypeOptions): unknown {
  const isList = kinds?.includes('list') === true;
  const items = typeof value === 'string' && isList ? value.trim().split('\n\n') : value;
  if (!Array.isArray(items)) return parsedItem(items, kinds, options);
  return isList ? items.map((item) => parsedItem(item, kinds, options)) : items;
}

function parsedItem(value: unknown, kinds: Kinds, options: TypeOptions): unknown {
  if (typeof value !== 'string') return value;
  const has = (kind: Kind): boolean => kinds?.includes(kind) === true;
  const text = value.trim();
  if (has('boolean') && text === '') return true;
  const isText = has('string') || has('path') || has('number');
  if (!isText && Object.hasOwn(WORDS, text)) return WORDS[text];
  const replaced = options.replaced(text);
  if (has('path')) return pathOf(replaced, options);
  return has('number') && !Number.isNaN(Number(replaced)) ? Number(replaced) : replaced;
}

const WORDS: Readonly<Record<string, unknown>> = {
  true: true,
  false: false,
  null: null,
  undefined,
};

function pathOf(text: string, { folder, home, platform }: TypeOptions): string {
  const isInHome = (platform === 'win32' ? /^~[/\\]/ : /^~\//).test(text) && home !== '';
  return isInHome ? resolve(home, text.slice(2)) : resolve(folder, text);
}

/** As the `clean` of npm's nopt. Undefined if the value does not fit. */
function fitting(item: unknown, kinds: Kinds, options: TypeOptions): unknown {
  const literals = (kinds ?? [nothing, { literal: false }])
    .filter((kind) => typeof kind === 'object')
    .map(({ literal }) => literal as unknown);
  const isBoolean = kinds === undefined || kinds.includes('boolean');
  let value = typeof item === 'string' ? item.trim() : item;
  if (value === 'null' && literals.includes(null)) value = null;
  else if (value === 'true' && isBoolean) value = true;
  else if (value === 'false' && (isBoolean || literals.includes(false))) value = false;
  if (kinds === undefined) return value;
  if (value === false && literals.includes(null) && !literals.includes(false) && !isBoolean)
    value = null;
  for (const kind of kinds) {
    const found = typeof kind === 'object' ? literal(kind, value) : FITTING[kind](value, options);
    if (found !== undefined) return found;
  }
  return undefined;
}

const literal = (kind: Literal, value: unknown): unknown =>
  value === kind.literal ? value : undefined;

const FITTING: Readonly<
  Record<Exclude<Kind, Literal>, (value: unknown, options: TypeOptions) => unknown>
> = {
  string: String,
  path: (value, options) => (typeof value === 'string' ? pathOf(value, options) : undefined),
  number: (value) => (Number.isNaN(Number(value)) ? undefined : Number(value)),
  boolean: (value) =>
    typeof value !== 'string'
      ? Boolean(value)
      : Number.isNaN(Number(value))
        ? !['null', 'false'].includes(value)
        : Number(value) !== 0,
  date: (value) => (Number.isNaN(Date.parse(String(value))) ? undefined : value),
  url: (value) => (URL.canParse(String(value)) ? new URL(String(value)).href : undefined),
  list: () => undefined,
};
