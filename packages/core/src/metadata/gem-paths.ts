import { unsafePath } from './manifest.ts';

// oxlint-disable-next-line no-control-regex -- these are the characters to refuse
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Why a path that a gemspec names does not lead into the gem for every tool, or undefined. */
export function unsafeGemPath(path: string): string | undefined {
  if (CONTROL.test(path)) return 'it holds a control character';
  if (/^[/\\]/.test(path)) return 'it is absolute';
  if (path.startsWith('~')) return 'it begins with `~`';
  return unsafePath(path);
}

/** What a path or a command must not hold that is written into Ruby source: in the stub of a command, in `bundler/setup.rb`. */
const IN_SOURCE = /['"`\\]|#[{$@]/;

/** The same as {@link unsafeGemPath}, of a path that RubyGems or Bundler writes into source. */
export function unsafeSourcePath(path: string): string | undefined {
  return IN_SOURCE.test(path) ? 'Ruby would read it as code' : unsafeGemPath(path);
}

/** Of which RubyGems makes one pattern with what it looks for in a folder. */
const PATTERN = /[*?[\]{},]/;

/** The same as {@link unsafeSourcePath}, of a folder that Ruby loads from. */
export function unsafeLoadPath(path: string): string | undefined {
  const pattern = PATTERN.test(path) ? 'RubyGems would read it as a pattern' : undefined;
  return unsafeSourcePath(path) ?? pattern;
}

/** The same as one of the others, of a path that RDoc is given between its options, by itself or as the first folder of it. */
export function unsafeRdocPath(
  path: string,
  unsafe: (path: string) => string | undefined,
): string | undefined {
  return path.startsWith('-') ? 'RDoc would read it as an option' : unsafe(path);
}

/** Why a command would not be a file of its own in the folder of commands, or undefined. One without a name is not made. */
export function unsafeCommand(name: string): string | undefined {
  if (/[/\\]/.test(name)) return 'it is a path';
  if (name === '.' || name === '..') return 'it is a folder';
  return unsafeSourcePath(name);
}
