/** What of the core stays in Yarn's main thread. The plugin evaluates it with the first archive: most commands have none. */
export {
  formatBlock,
  promisedSize,
  redactUrl,
  RULESET,
  TarwardenError,
  yarnZipContent,
} from '@tarwarden/core';
export { judgeThread, loadPolicy, openVerdictStore, projectLink } from '@tarwarden/core/host';
