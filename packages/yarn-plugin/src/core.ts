/** What of the core stays in Yarn's main thread. The plugin evaluates it with the first archive: most commands have none. */
export {
  formatBlock,
  promisedSize,
  redactUrl,
  RULESET,
  tarballBytesMax,
  TarwardenError,
  yarnZipContent,
} from '@tarwarden/core';
export {
  isTooLarge,
  judgeThread,
  limitBodies,
  loadPolicy,
  TOO_LARGE_REMEDY,
  openVerdictStore,
  projectLink,
  realAsFar,
} from '@tarwarden/core/host';
