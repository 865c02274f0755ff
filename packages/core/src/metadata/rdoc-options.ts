import { unsafeGemPath } from './gem-paths.ts';

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
      const why = unsafeGemPath(option);
      if (why !== undefined) unsafe.push([option, why]);
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
