/** Views of clients in short, one line for each path. */
import { viewsOf } from '../../packages/explain/src/readers/views-of.ts';
import type { Unpacked } from '../../packages/explain/src/readers/view.ts';

function word(file: Unpacked): string {
  const out = file.outside === true ? ' (outside)' : '';
  if (file.kind === 'command') return `${file.path} command${out}`;
  if (file.kind === 'link') return `${file.path} -> ${file.target}${out}`;
  return `${file.path} ${file.mode.toString(8)}${out}`;
}

/** Each client with why it fails, or all that it unpacks but for `usual`. */
export function seenBy(
  format: string,
  fileName: string,
  bytes: Buffer,
  usual: RegExp = /^$/,
): Record<string, string[]> {
  const views = viewsOf(format, { bytes, fileName, expected: MODULE }) ?? [];
  return Object.fromEntries(
    views.map(({ viewer, outcome, note, files, lost }) => [
      viewer,
      outcome === 'installs'
        ? [
            ...files.filter(({ path }) => !usual.test(path)).map(word),
            ...lost.map(({ path }) => `${path} lost`),
          ]
        : [`${outcome}: ${note}`],
    ]),
  );
}

export const MODULE = 'example.org/m@v1.0.0';
