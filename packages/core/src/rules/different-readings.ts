import type { RuleId } from '../finding/rule-id.ts';

/** Rules about archives from which programs unpack different files. They share one plain sentence. */
export const RULES_OF_DIFFERENT_READINGS: readonly RuleId[] = [
  'uncompressed-archive',
  'gzip-header',
  'gzip-optional-header',
  'gzip-trailing',
  'tar-header-ambiguous',
  'other-format',
  'old-tar-header',
  'ambiguous-size',
  'tar-trailing',
  'long-zero-tail',
  'extended-header-malformed',
  'gnu-long-name',
  'pax-ambiguous',
  'pax-path-mismatch',
  'pax-linkpath-mismatch',
  'zip-stray-bytes',
  'zip-ambiguous-entry',
  'zip-unusual-field',
  'zip-old-form',
  'stray-zip-end-record',
  'gem-header-ambiguous',
  'gem-member',
];
