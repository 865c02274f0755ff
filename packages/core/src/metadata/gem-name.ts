import { quote } from '../text/printable.ts';

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
