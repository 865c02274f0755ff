import type { NotInspectedReason } from '../result.ts';

/** The reason for a package that would have to be downloaded. */
export const OFFLINE: NotInspectedReason = {
  code: 'NO_BYTES',
  message: 'not in any cache, and --offline was given',
  remedy: 'run this again without --offline',
};
