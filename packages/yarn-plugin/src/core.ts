/** What of the core stays in Yarn's main thread. The plugin evaluates it with the first archive: most commands have none. */
export { promisedSize, RULESET, TarwardenError, withDigest, yarnZipContent } from '@tarwarden/core';
export { tarballBytesMax } from '@tarwarden/core/limits';
export { formatBlock } from '@tarwarden/core/report';
export { redactUrl } from '@tarwarden/core/text';
export {
  isTooLarge,
  judgeThread,
  limitBodies,
  loadPolicy,
  TOO_LARGE_REMEDY,
  openVerdictStore,
  projectLink,
  realAsFar,
} from '@tarwarden/host';
