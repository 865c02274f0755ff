import { quote } from '../text/printable.ts';
import { unsafePath } from './manifest.ts';

/** Name, version and platforms of a gem, as an index, a lockfile or a gemspec gives them. */
export interface GemIdentity {
  readonly name: string;
  readonly version?: string | undefined;
  readonly platforms?: readonly string[];
}

/** The names that RubyGems accepts, except those with a dot at the beginning. */
const NAME = /^[a-zA-Z0-9_-][a-zA-Z0-9._-]*$/;
const VERSION = /^[0-9]+(?:\.[0-9a-zA-Z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;
const PLATFORM = /^(?:[a-zA-Z0-9_-][a-zA-Z0-9._-]*)?$/;

/**
 * Describes the parts of a gem's identity that cannot be the name of a file. RubyGems and Bundler make paths of all parts: the path of
 * the cached index, of the download, and of the folder of the gem.
 */
export function unsafeGemParts({ name, version, platforms = [] }: GemIdentity): string[] {
  return [
    ...(NAME.test(name) ? [] : [`the name ${quote(name)}`]),
    ...(version === undefined || VERSION.test(version) ? [] : [`the version ${quote(version)}`]),
    ...platforms
      .filter((text) => !PLATFORM.test(text))
      .map((text) => `the platform ${quote(text)}`),
  ];
}

// oxlint-disable-next-line no-control-regex -- these are the characters to refuse
const CONTROL = /[\u0000-\u001f\u007f]/;

/** The reason why a path in a gemspec may lead out of the gem for some tool, or undefined. */
export function unsafeGemPath(path: string): string | undefined {
  if (CONTROL.test(path)) return 'it holds a control character';
  if (/^[/\\]/.test(path)) return 'it is absolute';
  if (path.startsWith('~')) return 'it begins with `~`';
  return unsafePath(path);
}

/** Characters that change Ruby source. RubyGems writes paths and commands into the stub of a command and into `bundler/setup.rb`. */
const IN_SOURCE = /['"`\\]|#[{$@]/;

/** {@link unsafeGemPath} for a path that RubyGems or Bundler writes into Ruby source. */
export function unsafeSourcePath(path: string): string | undefined {
  return IN_SOURCE.test(path) ? 'Ruby would read it as code' : unsafeGemPath(path);
}

/** Characters of patterns. RubyGems joins the folder and the names that it looks for to one pattern. */
const PATTERN = /[*?[\]{},]/;

/** {@link unsafeSourcePath} for a folder from which Ruby loads files. */
export function unsafeLoadPath(path: string): string | undefined {
  const pattern = PATTERN.test(path) ? 'RubyGems would read it as a pattern' : undefined;
  return unsafeSourcePath(path) ?? pattern;
}

/** One of the other checks, for a path that RDoc gets among its options, alone or as the first folder of a longer path. */
export function unsafeRdocPath(
  path: string,
  unsafe: (path: string) => string | undefined,
): string | undefined {
  return path.startsWith('-') ? 'RDoc would read it as an option' : unsafe(path);
}

/** The reason why a command is not a file of its own in the folder of commands, or undefined. RubyGems skips an empty name. */
export function unsafeCommand(name: string): string | undefined {
  if (/[/\\]/.test(name)) return 'it is a path';
  if (name === '.' || name === '..') return 'it is a folder';
  return unsafeSourcePath(name);
}

/** Options of RDoc that only change the look of pages, with a value. */
const WITH_VALUE: ReadonlySet<string> = new Set([
  '--accessor',
  '--charset',
  '--encoding',
  '--exclude',
  '--main',
  '--markup',
  '--tab-width',
  '--title',
  '--visibility',
  '--webcvs',
]);
/** Options of the same kind without a value. */
const FLAGS: ReadonlySet<string> = new Set([
  '--all',
  '--diagram',
  '--fileboxes',
  '--force-update',
  '--hyperlink-all',
  '--inline-source',
  '--line-numbers',
  '--no-force-update',
  // Options from before RDoc 3. Later versions ignore them, and take the next word for a file.
  '--opname',
  '--promiscuous',
  '--protected',
  '--quiet',
  '--show-hash',
  '--verbose',
]);
const SHORT_WITH_VALUE = /^-[Acemtwx]/;
const SHORT_FLAGS = /^-[aCdFHNpqSUVvD]+$/;

/**
 * Options for RDoc that do more than change the look of pages, each with the reason in words. `gem install` passes options to RDoc, and
 * some set folders that are read and written, or templates that are run. RDoc also accepts the beginning of an option; such short
 * forms are always listed.
 */
export function unsafeRdocOptions(options: readonly string[]): readonly [string, string][] {
  const unsafe: [string, string][] = [];
  let isValue = false;
  for (const option of options) {
    if (isValue) {
      isValue = false;
      continue;
    }
    if (!option.startsWith('-')) {
      const reason = unsafeGemPath(option);
      if (reason !== undefined) unsafe.push([option, reason]);
      continue;
    }
    const [name, value] = splitOnce(option);
    if (WITH_VALUE.has(name)) isValue = value === undefined;
    else if (SHORT_WITH_VALUE.test(option) && !option.startsWith('--'))
      isValue = option.length === 2;
    else if (!(value === undefined && FLAGS.has(name)) && !SHORT_FLAGS.test(option))
      unsafe.push([option, 'it is not an option that only says how pages look']);
  }
  return unsafe;
}

function splitOnce(option: string): [string, string | undefined] {
  const equals = option.indexOf('=');
  return equals < 0 ? [option, undefined] : [option.slice(0, equals), option.slice(equals + 1)];
}
