import { redactUrl } from '@tarwarden/core/text';
import type { InspectionService } from '../service/index.ts';

const NAMES_MAX = 5;

/**
 * A note about source archives that pip chose from an index, because building them ran their code. Files and URLs that the user named
 * are left out: `--only-binary` does not apply to them.
 */
export function builtNote(accepted: InspectionService['accepted']): string[] {
  const built = accepted.filter(({ format, origin }) => format === 'sdist' && origin === 'index');
  const names = [...new Set(built.map(({ fileName }) => fileName))];
  if (names.length === 0) return [];
  const what = names.length === 1 ? '1 source archive was' : `${names.length} source archives were`;
  return [
    `${what} built, which runs code of the package (${listed(names)}); to allow wheels only: --only-binary :all:, or PIP_ONLY_BINARY=:all:`,
  ];
}

/** A note about folders and repositories that the user named: pip builds them, and they are not inspected. */
export function sourceNote(sources: InspectionService['sources']): string[] {
  const names = [...new Set(sources.map(({ source }) => source))];
  if (names.length === 0) return [];
  const what =
    names.length === 1
      ? '1 folder or repository was'
      : `${names.length} folders or repositories were`;
  return [
    `${what} taken without inspection, and code of it may have run (${listed(names)}); --only-binary does not forbid what you name`,
  ];
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_MAX).map((name) => redactUrl(name));
  const more = names.length > NAMES_MAX ? ` and ${names.length - NAMES_MAX} more` : '';
  return `${shown.join(', ')}${more}`;
}
