import { printable } from '@tarwarden/core/text';
import type { InspectionService } from '@tarwarden/inspection-service';

/** Names of archives in one line. */
const NAMES_MAX = 5;

/**
 * Source archives that pip chose from an index: their own code ran when they were built. A file or URL that somebody named is
 * not meant by `--only-binary`.
 */
export function builtNote(accepted: InspectionService['accepted']): string[] {
  const built = accepted.filter(({ format, origin }) => format === 'sdist' && origin === 'index');
  const names = [...new Set(built.map(({ fileName }) => fileName))];
  if (names.length === 0) return [];
  const shown = names.slice(0, NAMES_MAX).map((name) => printable(name));
  const more = names.length > NAMES_MAX ? ` and ${names.length - NAMES_MAX} more` : '';
  const what = names.length === 1 ? '1 source archive was' : `${names.length} source archives were`;
  return [
    `${what} built, which runs code of the package (${shown.join(', ')}${more}); to allow wheels only: --only-binary :all:, or PIP_ONLY_BINARY=:all:`,
  ];
}
