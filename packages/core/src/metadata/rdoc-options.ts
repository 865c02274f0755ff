import { unsafeGemPath } from './gem-paths.ts';

/** Options of RDoc that say how pages look, and take a value. */
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
/** The same, without a value. */
const FLAGS: ReadonlySet<string> = new Set([
  '--all',
  '--diagram',
  '--fileboxes',
  '--force-update',
  '--hyperlink-all',
  '--inline-source',
  '--line-numbers',
  '--no-force-update',
  // Of before RDoc 3, and nothing to later ones; what follows them is a file to these.
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
 * Options of RDoc, which `gem install` passes on, that are not among those which only say how pages look: others set folders that
 * are read and written, and templates that are run. Each with the reason in words. Options are written out: RDoc takes any
 * beginning of one, which is refused.
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
