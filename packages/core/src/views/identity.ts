import { posix } from 'node:path';
import type { Format, Verdict } from '../index.ts';
import { printable } from '../text/index.ts';

const KINDS: Partial<Record<Format, string>> = {
  sdist: 'a source archive of Python',
  wheel: 'a wheel of Python',
  gem: 'a gem of Ruby',
  gomod: 'a module of Go',
};

/** Python, ABI and platform at the end of the name of a wheel. */
const WHEEL_TAGS = /-([^-]+-[^-]+-[^-]+)\.whl$/i;

/** What the archive is, and for which platform by its file name. None for packages of npm, which have no such parts. */
export function identityLines(path: string, { format, manifest }: Verdict): string[] {
  const kind = KINDS[format];
  if (kind === undefined) return [];
  const fileName = posix.basename(path.replaceAll('\\', '/'));
  const platform =
    format === 'wheel'
      ? WHEEL_TAGS.exec(fileName)?.[1]
      : format === 'gem'
        ? gemPlatform(fileName, manifest)
        : undefined;
  return [`  ${kind}${platform === undefined ? '' : `, for ${printable(platform)}`}`];
}

function gemPlatform(fileName: string, manifest: Verdict['manifest']): string | undefined {
  const start = `${manifest?.name}-${manifest?.version}-`;
  return fileName.startsWith(start) && fileName.endsWith('.gem')
    ? fileName.slice(start.length, -'.gem'.length)
    : undefined;
}
