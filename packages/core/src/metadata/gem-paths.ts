import { unsafePath } from './manifest.ts';

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
